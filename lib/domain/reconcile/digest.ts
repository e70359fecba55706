import * as v from "valibot";
import { timeOf } from "./call.ts";

const text = v.pipe(v.string(), v.maxLength(1_100));
const time = v.pipe(
  v.string(),
  v.check((value) => timeOf(value) !== undefined, "expected a time"),
);
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const hex = v.pipe(v.string(), v.maxLength(2_048), v.regex(/^([0-9a-f]{2})+$/));

const logFile = v.object({
  s3Bucket: text,
  s3Object: text,
  hashValue: sha256,
  hashAlgorithm: v.literal("SHA-256"),
  oldestEventTime: v.nullish(time),
  newestEventTime: v.nullish(time),
});

const schema = v.object({
  awsAccountId: v.pipe(v.string(), v.regex(/^\d{12}$/)),
  digestStartTime: time,
  digestEndTime: time,
  digestS3Bucket: text,
  digestS3Object: text,
  digestPublicKeyFingerprint: v.pipe(v.string(), v.regex(/^[0-9a-f]{1,128}$/)),
  digestSignatureAlgorithm: v.literal("SHA256withRSA"),
  previousDigestS3Bucket: v.nullish(text),
  previousDigestS3Object: v.nullish(text),
  previousDigestHashValue: v.nullish(sha256),
  previousDigestSignature: v.nullish(hex),
  logFiles: v.pipe(v.array(logFile), v.maxLength(100_000)),
});

/** What a digest file of CloudTrail says. */
export type Digest = v.InferOutput<typeof schema>;

/** A log file that a digest names. */
export type DigestedLog = Digest["logFiles"][number];

/** Returns the digest in `bytes`, or undefined where it is not one. */
export function readDigest(bytes: Uint8Array): Digest | undefined {
  try {
    const parsed = v.safeParse(schema, JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

/** What CloudTrail signs of a digest whose unpacked bytes have the hash `sha256Hex`. */
export function signedText(digest: Digest, sha256Hex: string): string {
  const { digestEndTime, digestS3Bucket, digestS3Object, previousDigestSignature } = digest;
  return `${digestEndTime}\n${digestS3Bucket}/${digestS3Object}\n${sha256Hex}\n${previousDigestSignature ?? "null"}`;
}

/** What the name of a digest file says. */
export interface DigestName {
  /** The bucket's folder, trail and home Region: all digests of one trail have it in common. */
  readonly trail: string;
  readonly account: string;
  readonly region: string;
  /** The end of its time (ms since the epoch). */
  readonly end: number;
  /** Whether it is of the second chain, for log files that were late. */
  readonly isBackfill: boolean;
}

const namePattern =
  /^(.*\/)?AWSLogs\/(?:o-[a-z0-9]+\/)?(\d{12})\/CloudTrail-Digest\/([a-z0-9-]+)\/\d{4}\/\d\d\/\d\d\/\2_CloudTrail-Digest_\3_([^/]+)_([a-z0-9-]+)_(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z(_backfill)?\.json\.gz$/;

/** Returns what the key of an object says, or undefined where it is not that of a digest. */
export function digestNameIn(key: string): DigestName | undefined {
  const found = namePattern.exec(key.slice(0, 1_100));
  if (found === null) return undefined;
  const [, prefix = "", account = "", region = "", trail = "", home = "", year, month, day, hour, minute, second] =
    found;
  const end = timeOf(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (end === undefined) return undefined;
  return { trail: `${prefix}${trail} ${home}`, account, region, end, isBackfill: found[12] !== undefined };
}
