import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { GuardError } from "../../domain/guard-error.ts";
import { maxObjectBytes } from "../../domain/log/object.ts";
import type { LogStore } from "../../workflows/ports/log-store.ts";

/** Returns the log in a bucket under Object Lock. */
export function createLogStore(client: S3Client, bucket: string): LogStore {
  return {
    list: async (prefix, after) => {
      const request = { Bucket: bucket, Prefix: prefix, ...(after !== "" && { StartAfter: after }) };
      const { Contents = [], IsTruncated = false } = await unlessDown(client.send(new ListObjectsV2Command(request)));
      return { names: Contents.flatMap(({ Key }) => Key ?? []), more: IsTruncated };
    },
    read: async (name) => {
      const request = { Bucket: bucket, Key: name, Range: `bytes=0-${maxObjectBytes - 1}` };
      try {
        const { Body, VersionId } = await client.send(new GetObjectCommand(request));
        const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
        return { bytes, ...(VersionId !== undefined && { version: VersionId }) };
      } catch (error) {
        if (isNamed(error, "NoSuchKey")) return undefined;
        // There is no range of an empty object.
        if (isNamed(error, "InvalidRange")) return { bytes: new Uint8Array() };
        throw unavailable(error);
      }
    },
    write: async (name, text) => {
      const request = { Bucket: bucket, Key: name, Body: text, ContentType: "text/plain; charset=utf-8" };
      try {
        await client.send(new PutObjectCommand({ ...request, IfNoneMatch: "*" }));
        return "written";
      } catch (error) {
        if (isNamed(error, "PreconditionFailed")) return "there-is-one";
        throw unavailable(error);
      }
    },
  };
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}

async function unlessDown<Value>(answer: Promise<Value>): Promise<Value> {
  return await answer.catch((error: unknown) => {
    throw unavailable(error);
  });
}

function unavailable(error: unknown): GuardError {
  return new GuardError("ARCHIVE_UNAVAILABLE", "retry", "the audit bucket cannot be reached", { cause: error });
}
