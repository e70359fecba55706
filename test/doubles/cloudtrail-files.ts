import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";

/** The account and Region of the keys of the tests. */
export const place = { account: "111122223333", region: "us-east-1" };
const bucket = "trail-logs";
const hourMs = 3_600_000;

const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
const iso = (at: number) => `${new Date(at).toISOString().slice(0, 19)}Z`;
const compact = (at: number) => iso(at).replace(/[-:]/g, "");
const day = (at: number) => iso(at).slice(0, 10).replaceAll("-", "/");

/** A key by which digests are signed, and how list-public-keys gives it. */
export function createTrailKey(from: number, to: number) {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pkcs1 = publicKey.export({ type: "pkcs1", format: "der" });
  const Fingerprint = createHash("md5").update(pkcs1).digest("hex");
  const listed = {
    Value: pkcs1.toString("base64"),
    Fingerprint,
    ValidityStartTime: iso(from),
    ValidityEndTime: iso(to),
  };
  return { privateKey, fingerprint: Fingerprint, listed };
}

/** One digest as `--digests` describes it. */
export interface DigestLine {
  key: string;
  signature: string;
  algorithm: string;
  bytes: string;
  generatedAt?: string;
}

interface LogFileMade {
  readonly key: string;
  readonly bytes: Buffer;
  readonly times: readonly string[];
}

/** What a trail delivers: log files and the two chains of digests that name them. A record lies in the hour of its call, or where it is put. */
export class TrailFiles {
  readonly logs = new Map<string, Buffer>();
  readonly digests: DigestLine[] = [];
  readonly #key: { readonly privateKey: KeyObject; readonly fingerprint: string };
  readonly #last = new Map<boolean, { key: string; sha256: string; signature: string }>();
  readonly #trail: string;
  /** The folder that an organization's trail has in its bucket. */
  readonly #folder: string;
  #made = 0;

  constructor(key: { readonly privateKey: KeyObject; readonly fingerprint: string }, trail = "org", folder = "") {
    this.#key = key;
    this.#trail = trail;
    this.#folder = folder;
  }

  /** Delivers the log files of the hour that begins at `start`, and its digest. */
  hour(start: number, ...files: readonly (readonly object[])[]): string {
    return this.#digest(
      start,
      files.map((records) => this.log(start, records)),
      false,
    );
  }

  /** Delivers log files that were late, and the digest of the second chain. */
  late(start: number, ...files: readonly (readonly object[])[]): string {
    return this.#digest(
      start,
      files.map((records) => this.log(start, records)),
      true,
    );
  }

  /** A log file that no digest names yet. */
  log(start: number, records: readonly object[]): LogFileMade {
    this.#made += 1;
    const { account, region } = place;
    const name = `${account}_CloudTrail_${region}_${compact(start + hourMs / 2).replace("00Z", "Z")}_abc${this.#made}.json.gz`;
    const key = `AWSLogs/${account}/CloudTrail/${region}/${day(start)}/${name}`;
    const bytes = Buffer.from(JSON.stringify({ Records: records }));
    this.logs.set(key, gzipSync(bytes));
    const times = records.map((record) => (record as { eventTime: string }).eventTime).sort();
    return { key, bytes, times };
  }

  #digest(start: number, logs: readonly LogFileMade[], isBackfill: boolean): string {
    const { account, region } = place;
    const end = start + hourMs;
    const name = `${account}_CloudTrail-Digest_${region}_${this.#trail}_${region}_${compact(end)}${isBackfill ? "_backfill" : ""}.json.gz`;
    const key = `AWSLogs/${this.#folder}${account}/CloudTrail-Digest/${region}/${day(end)}/${name}`;
    const previous = this.#last.get(isBackfill);
    const digest = {
      ...{ awsAccountId: account, digestStartTime: iso(start), digestEndTime: iso(end) },
      ...{ digestS3Bucket: bucket, digestS3Object: key, digestPublicKeyFingerprint: this.#key.fingerprint },
      ...{ digestSignatureAlgorithm: "SHA256withRSA" },
      ...{ previousDigestS3Bucket: previous ? bucket : null, previousDigestS3Object: previous?.key ?? null },
      ...{
        previousDigestHashValue: previous?.sha256 ?? null,
        previousDigestHashAlgorithm: previous ? "SHA-256" : null,
      },
      previousDigestSignature: previous?.signature ?? null,
      logFiles: logs.map((log) => ({
        ...{ s3Bucket: bucket, s3Object: log.key, hashValue: sha256(log.bytes), hashAlgorithm: "SHA-256" },
        ...{ newestEventTime: log.times.at(-1) ?? null, oldestEventTime: log.times[0] ?? null },
      })),
    };
    const bytes = Buffer.from(JSON.stringify(digest));
    const signature = this.sign(digest, bytes);
    this.#last.set(isBackfill, { key, sha256: sha256(bytes), signature });
    const line = { key, signature, algorithm: "SHA256withRSA", bytes: gzipSync(bytes).toString("base64") };
    this.digests.push(isBackfill ? { ...line, generatedAt: iso(end + hourMs) } : line);
    return key;
  }

  /** Signs a digest as CloudTrail does. */
  sign(digest: SignedDigest, bytes: Buffer): string {
    const { digestEndTime, digestS3Bucket, digestS3Object, previousDigestSignature } = digest;
    const text = `${digestEndTime}\n${digestS3Bucket}/${digestS3Object}\n${sha256(bytes)}\n${previousDigestSignature ?? "null"}`;
    return sign("sha256", Buffer.from(text), this.#key.privateKey).toString("hex");
  }

  /** Writes everything into a new folder; returns its paths as the command takes them. */
  write(folder: string, publicKeys: readonly object[]) {
    rmSync(folder, { recursive: true, force: true });
    const paths = {
      logs: join(folder, "logs"),
      digests: join(folder, "digests.jsonl"),
      keys: join(folder, "keys.json"),
    };
    mkdirSync(paths.logs, { recursive: true });
    for (const [key, bytes] of this.logs) {
      mkdirSync(dirname(join(paths.logs, key)), { recursive: true });
      writeFileSync(join(paths.logs, key), bytes);
    }
    writeFileSync(paths.digests, this.digests.map((line) => `${JSON.stringify(line)}\n`).join(""));
    writeFileSync(paths.keys, JSON.stringify({ PublicKeyList: publicKeys }));
    return paths;
  }
}

interface SignedDigest {
  readonly digestEndTime: string;
  readonly digestS3Bucket: string;
  readonly digestS3Object: string;
  readonly previousDigestSignature: string | null;
}

/** A record of CloudTrail, as it writes them. */
export function trailRecord(eventID: string, at: number, eventName: string, members: object = {}) {
  return {
    ...{ eventVersion: "1.11", userIdentity: { type: "IAMUser" }, eventTime: iso(at) },
    ...{ eventSource: "payment-cryptography.amazonaws.com", eventName, awsRegion: place.region },
    ...{ requestParameters: null, responseElements: null, eventID, eventType: "AwsApiCall" },
    ...{ managementEvent: true, readOnly: false, recipientAccountId: place.account, eventCategory: "Management" },
    ...members,
  };
}

/** The members of a record that name a key. */
export function ofKey(keyIdentifier: string) {
  return { requestParameters: { keyIdentifier } };
}

/** The members of a record of a call by a role. */
export function byRole(name: string) {
  const arn = `arn:aws:iam::${place.account}:role/${name}`;
  return { userIdentity: { type: "AssumedRole", sessionContext: { sessionIssuer: { type: "Role", arn } } } };
}
