import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { createTrailHeads } from "../../lib/aws/dynamodb/trail-heads.ts";
import { createCheckpointArchive } from "../../lib/aws/s3-kms/checkpoint-archive.ts";
import { createSigner } from "../../lib/aws/s3-kms/checkpoint-signer.ts";
import type { Log } from "../../lib/workflows/ports/guard.ts";
import type { Archivist } from "../../lib/workflows/sweep/write-checkpoints.ts";
import { clientTimeouts } from "../shared/client-timeouts.ts";
import type { Settings } from "../shared/settings.ts";

/** What closes hours: the heads of the table, and the audit bucket. */
export function createArchivist(
  store: DynamoDBClient,
  { CASES_TABLE, AUDIT_BUCKET, AUDIT_SIGNING_KEY }: Settings<"sweep">,
  clock: () => number,
  log: Log,
): Archivist {
  return {
    archive: createCheckpointArchive(new S3Client(clientTimeouts), AUDIT_BUCKET),
    heads: createTrailHeads(store, CASES_TABLE),
    ...(AUDIT_SIGNING_KEY !== "none" && { sign: createSigner(new KMSClient(clientTimeouts), AUDIT_SIGNING_KEY) }),
    clock,
    log,
  };
}
