import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { createTrailTable } from "../../lib/aws/dynamodb/trail-table.ts";
import { createWitness } from "../../lib/aws/lambda/witness-client.ts";
import { createLogSigner } from "../../lib/aws/s3-kms/log-signer.ts";
import { createLogStore } from "../../lib/aws/s3-kms/log-store.ts";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { logOrigin } from "../../lib/domain/log/origin.ts";
import { readVerifierKey, verifierKey } from "../../lib/domain/log/verifier-key.ts";
import type { Log } from "../../lib/workflows/ports/guard.ts";
import type { Witness } from "../../lib/workflows/ports/witness.ts";
import { createSequencer, type Sequencer } from "../../lib/workflows/sweep/sequence-log.ts";
import { clientTimeouts } from "../shared/client-timeouts.ts";
import type { Settings } from "../shared/settings.ts";

/** Returns the writer of the log, over the table and the audit bucket. */
export function createLogWriter(
  client: DynamoDBClient,
  settings: Settings<"sweep">,
  clock: () => number,
  log: Log,
): Sequencer {
  const { ACCOUNT_ID: account, AWS_REGION: region, STAGE: stage, AUDIT_SIGNING_KEY: keyArn } = settings;
  const origin = logOrigin({ account, region, stage });
  return createSequencer({
    store: createLogStore(new S3Client(clientTimeouts), settings.AUDIT_BUCKET),
    table: createTrailTable(client, settings.CASES_TABLE),
    ...(keyArn !== "none" && { signer: createLogSigner(new KMSClient(clientTimeouts), keyArn, origin) }),
    ...(settings.WITNESS_URL !== "none" && { witness: witnessOf(settings, client.config, clock) }),
    ...{ origin, clock, log },
  });
}

/** INVARIANT: a malformed key never stops the log. Such a witness counts as one that does not answer, and has its alarm. */
function witnessOf(
  { WITNESS_URL: url, WITNESS_KEY }: Settings<"sweep">,
  signing: DynamoDBClient["config"],
  clock: () => number,
): Witness {
  const key = readVerifierKey(WITNESS_KEY);
  if (key?.type === "cosignature") return createWitness({ url, key, signing, clock, fetch });
  const unusable = new GuardError("CONFIGURATION_INVALID", "dead-letter", "WITNESS_KEY must be a witness's key");
  return { key: verifierKey("none", "cosignature", Buffer.alloc(32)), ask: async () => await Promise.reject(unusable) };
}
