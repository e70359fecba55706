import { randomUUID } from "node:crypto";
import { guardVersion, policyDocument, policyHash } from "reprieve:build";
import { Logger } from "@aws-lambda-powertools/logger";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { PaymentCryptographyClient } from "@aws-sdk/client-payment-cryptography";
import { createCaseStore } from "../lib/aws/case-store.ts";
import { createPace } from "../lib/aws/pace.ts";
import { createPaymentKeys } from "../lib/aws/payment-cryptography.ts";
import { canonicalJson, sha256Hex } from "../lib/domain/canonical-json.ts";
import { GuardError } from "../lib/domain/guard-error.ts";
import { compilePolicy, type Policy } from "../lib/domain/policy.ts";
import { printableText } from "../lib/domain/printable-text.ts";
import type { Log } from "../lib/workflows/ports.ts";
import type { Afterwards } from "./afterwards.ts";
import type { GuardBatch } from "./guard-batch.ts";
import { createGuardMetrics } from "./guard-metrics.ts";
import { patience } from "./patience.ts";
import { readSettings, type Settings } from "./settings.ts";

export interface Runtime {
  readonly batch: GuardBatch;
  readonly logger: Logger;
  /** Publishes what was counted since the last time. */
  readonly flushMetrics: () => Promise<void>;
}

/** The composition root: the only reader of the environment, and with `afterwards.ts` the only maker of clients. */
export function createRuntime(): Runtime {
  const settings = readSettings(process.env);
  const logger = new Logger({ jsonReplacerFn: printable });
  const clock = () => Date.now();
  const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  const pace = createPace(settings.CONTROL_PLANE_CALLS_PER_SECOND, clock, sleep);
  const afterwards = loadOnce(settings);
  const metrics = createGuardMetrics(async (measurements) => (await afterwards()).publish(measurements));
  return {
    logger,
    flushMetrics: metrics.flush,
    batch: {
      guard: {
        policy: bundledPolicy(),
        keys: createPaymentKeys(new PaymentCryptographyClient(patience), pace),
        cases: createCaseStore(new DynamoDBClient(patience), settings.CASES_TABLE),
        bus: {
          publish: async (...what) => await (await afterwards()).bus.publish(...what),
          announceUnrecorded: async (...what) => await (await afterwards()).bus.announceUnrecorded(...what),
        },
        clock,
        newRunId: randomUUID,
        log: logTo(logger),
        version: guardVersion,
      },
      queue: {
        comeBackAfter: async (...what) => await (await afterwards()).queue.comeBackAfter(...what),
        deadLetter: async (...what) => await (await afterwards()).queue.deadLetter(...what),
      },
      stack: { account: settings.ACCOUNT_ID, region: settings.AWS_REGION },
      maxReceives: settings.MAX_RECEIVE_COUNT,
      metrics,
    },
  };
}

/** A third of the code is not needed until the key is safe: it is loaded then, and a cold start does not wait for it. */
function loadOnce(settings: Settings): () => Promise<Afterwards> {
  let loading: Promise<Afterwards> | undefined;
  return async () => {
    loading ??= import("./afterwards.ts").then(({ createAfterwards }) => createAfterwards(settings));
    return await loading;
  };
}

/** The policy as the build checked it: the hash says that it is the very same, so it is not checked again at every cold start. */
function bundledPolicy(): Policy {
  if (sha256Hex(canonicalJson(policyDocument)) === policyHash) return compilePolicy(policyDocument, policyHash);
  throw new GuardError(
    "POLICY_INVALID",
    "dead-letter",
    "the policy in the bundle is not the one that the build checked",
  );
}

/** Text from events and from AWS goes into a log line only in a form that no terminal acts on. */
function printable(_key: string, value: unknown): unknown {
  return typeof value === "string" ? printableText(value, 2_000) : value;
}

const warnings = new Set([
  "ACTING_WITHOUT_RECORD",
  "EFFECT_FAILED",
  "MESSAGE_REJECTED",
  "MESSAGE_RETRIED",
  "STORE_FAILED",
]);
const errors = new Set(["MESSAGE_DEAD_LETTERED", "QUEUE_FAILED", "UNRECORDED_ANNOUNCEMENT_FAILED"]);

function logTo(logger: Logger): Log {
  return (code, fields) => {
    const level = errors.has(code) ? "error" : warnings.has(code) ? "warn" : "info";
    logger[level](code, { ...fields });
  };
}
