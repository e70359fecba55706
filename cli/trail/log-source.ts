import {
  GetObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  S3Client,
} from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { maxObjectBytes } from "../../lib/domain/log/object.ts";
import { logNameIn, logPrefix } from "../../lib/domain/log/object-name.ts";
import { type AwsPlace, clientSettings } from "../stack/aws-place.ts";
import type { Irregularity, LogFile } from "./log-file.ts";

/** How many are read at the same time. */
const concurrency = 16;

/** Returns the name of a stack's audit bucket, which holds the account of the caller. */
export async function auditBucketOf(stack: AwsPlace & { readonly stage: string }): Promise<string> {
  const nameIn = (account: string) => `reprieve-${stack.stage}-audit-${account}-${stack.region}`;
  if (stack.access !== undefined) return nameIn(stack.access.account);
  const client = new STSClient(clientSettings(stack));
  try {
    const { Account = "" } = await client.send(new GetCallerIdentityCommand({}));
    return nameIn(Account);
  } finally {
    client.destroy();
  }
}

/** Reads every file of the log of a stack, in the order of their names. */
export async function* readLogFiles(stack: AwsPlace & { readonly stage: string }): AsyncIterable<LogFile> {
  const bucket = await auditBucketOf(stack);
  const client = new S3Client(clientSettings(stack));
  try {
    const listed = [...(await listVersions(client, bucket))].sort(([a], [b]) => (a < b ? -1 : 1));
    for (let n = 0; n < listed.length; n += concurrency) {
      const part = listed.slice(n, n + concurrency);
      yield* await Promise.all(part.map(async ([name, found]) => await readFile(client, bucket, name, found)));
    }
  } finally {
    client.destroy();
  }
}

interface Listed {
  versions: number;
  /** The oldest one: S3 lists the newest first. */
  first: { readonly id?: string; readonly modifiedAt?: number };
  deleted: boolean;
}

async function readFile(client: S3Client, Bucket: string, name: string, listed: Listed): Promise<LogFile> {
  const { versions, first, deleted } = listed;
  const irregular: Irregularity[] = [
    ...(versions > 1 ? (["second-version"] as const) : []),
    ...(deleted ? (["delete-marker"] as const) : []),
  ];
  const request = { Bucket, Key: name, Range: `bytes=0-${maxObjectBytes - 1}` };
  const { Body } = await client
    .send(new GetObjectCommand({ ...request, ...(first.id !== undefined && { VersionId: first.id }) }))
    // There is no range of an empty object.
    .catch((error: unknown) => {
      if (error instanceof Error && error.name === "InvalidRange") return { Body: undefined };
      throw error;
    });
  const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
  return { name, bytes, irregular, ...(first.modifiedAt !== undefined && { modifiedAt: first.modifiedAt }) };
}

async function listVersions(client: S3Client, Bucket: string): Promise<ReadonlyMap<string, Listed>> {
  const listed = new Map<string, Listed>();
  const entryFor = (key = "") => {
    const known = listed.get(key) ?? { versions: 0, first: {}, deleted: false };
    if (logNameIn(key) !== undefined) listed.set(key, known);
    return known;
  };
  let marker: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
  while (marker !== undefined) {
    const page: ListObjectVersionsCommandOutput = await client.send(
      new ListObjectVersionsCommand({ Bucket, Prefix: logPrefix, ...marker }),
    );
    for (const { Key, VersionId, LastModified } of page.Versions ?? []) {
      const entry = entryFor(Key);
      entry.versions += 1;
      entry.first = {
        ...(VersionId !== undefined && { id: VersionId }),
        ...(LastModified && { modifiedAt: LastModified.getTime() }),
      };
    }
    for (const { Key } of page.DeleteMarkers ?? []) entryFor(Key).deleted = true;
    marker = nextMarker(page);
  }
  return new Map([...listed].filter(([, { versions }]) => versions > 0));
}

function nextMarker({ IsTruncated, NextKeyMarker, NextVersionIdMarker }: ListObjectVersionsCommandOutput) {
  if (IsTruncated !== true || NextKeyMarker === undefined) return undefined;
  return { KeyMarker: NextKeyMarker, ...(NextVersionIdMarker && { VersionIdMarker: NextVersionIdMarker }) };
}
