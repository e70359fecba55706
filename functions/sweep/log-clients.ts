import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { createTrailTable } from "../../lib/aws/dynamodb/trail-table.ts";
import { createLogSigner } from "../../lib/aws/s3-kms/log-signer.ts";
import { createLogStore } from "../../lib/aws/s3-kms/log-store.ts";
import { logOrigin } from "../../lib/domain/log/origin.ts";
import type { Log } from "../../lib/workflows/ports/guard.ts";
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
    ...{ origin, clock, log },
  });
}
