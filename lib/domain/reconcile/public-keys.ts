import * as v from "valibot";
import { hourMs } from "../time.ts";

/** A key by which CloudTrail signs digests, for some time. */
export interface PublicKey {
  readonly fingerprint: string;
  /** PKCS #1, DER. */
  readonly der: Uint8Array;
  /** ms since the epoch. */
  readonly validFrom: number;
  readonly validTo: number;
}

const moment = v.union([
  v.pipe(
    v.string(),
    v.maxLength(64),
    v.transform((text) => Date.parse(text)),
    v.number(),
  ),
  v.pipe(
    v.number(),
    v.transform((seconds) => seconds * 1_000),
  ),
]);

const schema = v.object({
  PublicKeyList: v.pipe(
    v.array(
      v.object({
        Value: v.pipe(v.string(), v.maxLength(8_192), v.base64()),
        Fingerprint: v.pipe(v.string(), v.regex(/^[0-9a-f]{1,128}$/)),
        ValidityStartTime: moment,
        ValidityEndTime: moment,
      }),
    ),
    v.maxLength(10_000),
  ),
});

/** Returns the keys in the output of `aws cloudtrail list-public-keys`, or undefined for anything else. */
export function readPublicKeys(json: unknown): readonly PublicKey[] | undefined {
  const parsed = v.safeParse(schema, json);
  return parsed.success
    ? parsed.output.PublicKeyList.map(({ Value, Fingerprint, ValidityStartTime, ValidityEndTime }) => ({
        ...{ fingerprint: Fingerprint, der: bytesOf(Value) },
        ...{ validFrom: ValidityStartTime, validTo: ValidityEndTime },
      }))
    : undefined;
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** A digest may be signed so long (ms) before or after the validity of its key: CloudTrail rotates keys at an hour of its own. */
const slackMs = 2 * hourMs;

/** Returns the keys with a fingerprint that may sign at a time (ms). */
export function keysFor(keys: readonly PublicKey[], fingerprint: string, at: number): readonly PublicKey[] {
  return keys.filter(
    (key) => key.fingerprint === fingerprint && at >= key.validFrom - slackMs && at <= key.validTo + slackMs,
  );
}
