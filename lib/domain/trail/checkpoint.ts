import * as v from "valibot";
import { canonicalJson, isCanonicalJson, sha256Hex } from "../ledger/canonical-json.ts";
import { genesis } from "../ledger/chain.ts";
import { hourMs, minuteMs } from "../time.ts";
import { merkleRoot } from "./merkle.ts";
import { ownFormat } from "./own-format.ts";

const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const version = 1;

const headSchema = v.strictObject({ case: v.string(), entries: count, head: sha256 });

const signatureSchema = v.strictObject({
  /** ARN of the KMS key. */
  key: v.string(),
  algorithm: v.literal("ECDSA_SHA_256"),
  /** DER, in base64. */
  value: v.pipe(v.string(), v.base64()),
});

const schema = v.strictObject({
  format: v.literal("reprieve-checkpoint"),
  version: v.literal(version),
  /** The hour that it closes, by its beginning: `2026-11-25T21:00:00.000Z`. A name and an order; what is anchored is what is new by then. */
  hour: v.pipe(v.string(), v.isoTimestamp()),
  /** ms since the epoch. */
  madeAt: count,
  /** Made so long after the hour that someone should ask why. */
  late: v.boolean(),
  /** SHA-256 of the text of the checkpoint before it; 64 zeros for the first one. */
  prev: sha256,
  /** Every chain past its last anchored entry, in the order of their names. */
  heads: v.array(headSchema),
  /** Merkle root (RFC 6962) over the canonical JSON of each head. */
  root: sha256,
  /** How many chains, and entries in them, there are in all. */
  cases: count,
  entries: count,
  /** Over the SHA-256 (as hex) of the canonical JSON of all the rest, where a signing key is configured. */
  signature: v.exactOptional(signatureSchema),
});

export type CheckpointSignature = v.InferOutput<typeof signatureSchema>;

/** The head of a chain of entries: a case, or a pause. */
export type AnchoredHead = v.InferOutput<typeof headSchema>;

/** What stands for everything that was on record at one time, each naming the one before it. */
export type Checkpoint = v.InferOutput<typeof schema>;

/** Two sweeps may fail before an hour counts as closed late (ms). */
const lateAfterMs = 15 * minuteMs;
/** The most that one sweep closes: after a long outage the next sweeps continue. */
const mostHours = 100;

/** The hours (beginning, ms) that are over by `now` and were not closed, the oldest first; the first one of all is the last that is over. */
export function hoursToClose(last: Pick<Checkpoint, "hour"> | undefined, now: number): readonly number[] {
  const end = Math.floor(now / hourMs) * hourMs;
  const from = last === undefined ? end - hourMs : Date.parse(last.hour) + hourMs;
  const open = Math.max(0, Math.ceil((end - from) / hourMs));
  return Array.from({ length: Math.min(open, mostHours) }, (_, n) => from + n * hourMs);
}

export interface Closing {
  /** Beginning of the hour (ms). */
  readonly hour: number;
  readonly now: number;
  /** The text of the checkpoint before it. */
  readonly before: string | undefined;
  /** Every chain past its last anchored entry. */
  readonly changed: readonly AnchoredHead[];
  readonly cases: number;
  readonly entries: number;
}

/** The checkpoint that closes an hour, not signed. */
export function makeCheckpoint({ hour, now, before, changed, cases, entries }: Closing): Checkpoint {
  const heads = changed.toSorted((a, b) => (a.case < b.case ? -1 : 1));
  return {
    format: "reprieve-checkpoint",
    version,
    hour: new Date(hour).toISOString(),
    madeAt: now,
    late: now - (hour + hourMs) > lateAfterMs,
    prev: before === undefined ? genesis : sha256Hex(before),
    heads,
    root: merkleRoot(heads.map((head) => canonicalJson(head))),
    cases,
    entries,
  };
}

/** The text of a checkpoint, as it is kept and hashed. */
export function checkpointText(checkpoint: Checkpoint, signature?: CheckpointSignature): string {
  return canonicalJson({ ...checkpoint, ...(signature && { signature }) });
}

/** What is signed of a checkpoint: the SHA-256, as hex, of the canonical JSON of everything but the signature. */
export function signedPart({ signature: _signature, ...rest }: Checkpoint): string {
  return sha256Hex(canonicalJson(rest));
}

/** Returns the checkpoint in `text`, or why it is not valid: of another tool, of a newer version, or with something hidden in it, or a root that does not hold. */
export function readCheckpoint(text: string): Checkpoint | "foreign" | "newer" | "changed" {
  const own = ownFormat(text, "reprieve-checkpoint", version);
  if (typeof own === "string") return own;
  const parsed = v.safeParse(schema, own.value);
  if (!parsed.success || !isCanonicalJson(parsed.output, text)) return "changed";
  const { heads, root } = parsed.output;
  return merkleRoot(heads.map((head) => canonicalJson(head))) === root ? parsed.output : "changed";
}
