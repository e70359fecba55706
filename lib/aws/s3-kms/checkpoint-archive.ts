import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { GuardError } from "../../domain/guard-error.ts";
import { dayMs } from "../../domain/time.ts";
import type { CheckpointArchive } from "../../workflows/ports/archive.ts";

/** Where checkpoints lie in the audit bucket: their names are in the order of their hours. */
export const checkpointPrefix = "checkpoints/";

export function checkpointKey(hour: number): string {
  return `${checkpointPrefix}${new Date(hour).toISOString().slice(0, 13)}.json`;
}

/** Checkpoints in a bucket under Object Lock. */
export function createCheckpointArchive(client: S3Client, bucket: string): CheckpointArchive {
  return {
    latest: async (now) => {
      // Usually the last one is an hour old; only after a long outage are all of them looked through.
      const key =
        (await lastKey(client, bucket, checkpointKey(now - 3 * dayMs))) ?? (await lastKey(client, bucket, undefined));
      if (key === undefined) return undefined;
      const { Body } = await unlessDown(client.send(new GetObjectCommand({ Bucket: bucket, Key: key })));
      return await unlessDown(Body?.transformToString() ?? Promise.resolve(""));
    },
    write: async (hour, text) => {
      const request = { Bucket: bucket, Key: checkpointKey(hour), Body: text, ContentType: "application/json" };
      try {
        await client.send(new PutObjectCommand({ ...request, IfNoneMatch: "*" }));
        return "written";
      } catch (error) {
        if (error instanceof Error && error.name === "PreconditionFailed") return "there-is-one";
        throw unavailable(error);
      }
    },
  };
}

async function lastKey(client: S3Client, Bucket: string, StartAfter: string | undefined): Promise<string | undefined> {
  let last: string | undefined;
  let next: string | undefined;
  do {
    const request = { Bucket, Prefix: checkpointPrefix, StartAfter, ContinuationToken: next };
    const page = await unlessDown(client.send(new ListObjectsV2Command(request)));
    last = page.Contents?.at(-1)?.Key ?? last;
    next = page.NextContinuationToken;
  } while (next !== undefined);
  return last;
}

async function unlessDown<Value>(answer: Promise<Value>): Promise<Value> {
  return await answer.catch((error: unknown) => {
    throw unavailable(error);
  });
}

function unavailable(error: unknown): GuardError {
  return new GuardError("ARCHIVE_UNAVAILABLE", "retry", "the audit bucket cannot be reached", { cause: error });
}
