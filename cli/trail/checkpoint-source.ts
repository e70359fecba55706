import {
  GetObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  S3Client,
} from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { checkpointKey, checkpointPrefix } from "../../lib/aws/s3-kms/checkpoint-archive.ts";
import { hourMs } from "../../lib/domain/time.ts";
import { type AwsPlace, clientSettings } from "../stack/aws-place.ts";
import type { StoredCheckpoints } from "./stored-checkpoints.ts";

/** How many are read at the same time. */
const concurrency = 16;

/** The audit bucket of a stack: its name holds the account of the caller. */
export async function auditBucketOf(stack: AwsPlace & { readonly stage: string }): Promise<string> {
  const client = new STSClient(clientSettings(stack));
  try {
    const { Account = "" } = await client.send(new GetCallerIdentityCommand({}));
    return `reprieve-${stack.stage}-audit-${Account}-${stack.region}`;
  } finally {
    client.destroy();
  }
}

/** The checkpoints of the hours from `from` to `to` (ms), and one hour more on either side: a checkpoint is made after its hour. */
export async function readStoredCheckpoints(
  place: AwsPlace,
  bucket: string,
  from: number,
  to: number,
): Promise<StoredCheckpoints> {
  const client = new S3Client(clientSettings(place));
  try {
    const listed = await listVersions(client, bucket, from - hourMs, to + hourMs);
    const objects = [...listed].filter(([, { versions }]) => versions.length > 0);
    const texts: string[] = [];
    for (let n = 0; n < objects.length; n += concurrency) {
      const part = objects.slice(n, n + concurrency).map(async ([Key, { versions }]) => {
        const VersionId = versions.at(-1);
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key, VersionId }));
        return (await Body?.transformToString()) ?? "";
      });
      texts.push(...(await Promise.all(part)));
    }
    const irregular = [...listed].flatMap(([key, { versions, deleted }]) => [
      ...(versions.length > 1 ? [{ key, irregularity: "second-version" as const }] : []),
      ...(deleted ? [{ key, irregularity: "delete-marker" as const }] : []),
    ]);
    return { texts, irregular };
  } finally {
    client.destroy();
  }
}

interface Listed {
  /** Newest first, as S3 lists them. */
  readonly versions: string[];
  deleted: boolean;
}

async function listVersions(client: S3Client, Bucket: string, from: number, to: number): Promise<Map<string, Listed>> {
  const listed = new Map<string, Listed>();
  const [first, last] = [checkpointKey(Math.max(0, from)), checkpointKey(Math.min(to, 8.64e15))];
  const entryFor = (key = "") => {
    const known = listed.get(key) ?? { versions: [], deleted: false };
    if (key >= first && key <= last) listed.set(key, known);
    return known;
  };
  let marker: { KeyMarker?: string; VersionIdMarker?: string } | undefined = { KeyMarker: first.slice(0, -1) };
  while (marker !== undefined) {
    const page: ListObjectVersionsCommandOutput = await client.send(
      new ListObjectVersionsCommand({ Bucket, Prefix: checkpointPrefix, ...marker }),
    );
    for (const { Key, VersionId = "" } of page.Versions ?? []) entryFor(Key).versions.push(VersionId);
    for (const { Key } of page.DeleteMarkers ?? []) entryFor(Key).deleted = true;
    const { NextKeyMarker, NextVersionIdMarker } = page;
    const more = page.IsTruncated === true && NextKeyMarker !== undefined && NextKeyMarker <= last;
    marker = more
      ? { KeyMarker: NextKeyMarker, ...(NextVersionIdMarker !== undefined && { VersionIdMarker: NextVersionIdMarker }) }
      : undefined;
  }
  return new Map([...listed].sort(([a], [b]) => (a < b ? -1 : 1)));
}
