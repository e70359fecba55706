import type { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { createWitnessBook } from "../../lib/aws/dynamodb/witness-book.ts";
import { createLogSigner } from "../../lib/aws/s3-kms/log-signer.ts";
import { verifierKey } from "../../lib/domain/log/verifier-key.ts";
import { clientTimeouts } from "../shared/client-timeouts.ts";
import { environment } from "../shared/environment.ts";
import { createLogger } from "../shared/printable-logger.ts";
import { readSettings } from "../shared/settings.ts";
import { keysOfOneLog } from "./log-keys.ts";
import type { WitnessRoutes } from "./routes.ts";
import { witnessSettings } from "./settings.ts";
import { type WitnessLog, witnessLogTable } from "./witness-log.ts";

/** The witness's clients, made once per execution environment. Throws CONFIGURATION_INVALID. */
export function createWitnessRuntime(): {
  readonly routes: WitnessRoutes;
  readonly logger: Logger;
  readonly flushMetrics: () => void;
} {
  const settings = readSettings(witnessSettings, environment);
  const logKeys = keysOfOneLog(settings.LOG_KEYS);
  const logger = createLogger();
  const metrics = new Metrics({ namespace: "reprieve-witness", serviceName: settings.WITNESS_NAME });
  const log: WitnessLog = (code, fields) => {
    const { level, counts } = witnessLogTable[code];
    const metric = counts?.(fields);
    if (metric !== undefined) metrics.addMetric(metric, MetricUnit.Count, 1);
    logger[level](code, { ...fields });
  };
  const book = createWitnessBook(new DynamoDBClient(clientTimeouts), settings.TABLE);
  const signer = createLogSigner(new KMSClient(clientTimeouts), settings.SIGNING_KEY, settings.WITNESS_NAME);
  return {
    routes: {
      log,
      deps: async () => {
        const { name, bytes } = await signer.key();
        const ownKey = verifierKey(name, "cosignature", bytes);
        return { logKeys, ownKey, book, sign: signer.sign, clock: () => Date.now() };
      },
    },
    logger,
    // Middy takes what a hook returns for the answer of the function.
    flushMetrics: () => void metrics.publishStoredMetrics(),
  };
}
