import { type Checkpoint, readCheckpoint } from "./checkpoint.ts";
import { isConsistent, type TreeHead } from "./consistency.ts";
import { emptyRoot } from "./hash.ts";
import { readNote, type SignedNote } from "./signed-note.ts";
import { isSignedBy, type VerifierKey } from "./verifier-key.ts";

/** A request to cosign (C2SP tlog-witness, `add-checkpoint`). */
export interface CosignRequest {
  /** Size of the log that the requester believes the witness to have. */
  readonly oldSize: number;
  readonly proof: readonly Buffer[];
  readonly note: SignedNote;
  readonly checkpoint: Checkpoint;
}

/** What a witness answers instead of a cosignature, by the status that C2SP tlog-witness gives it. */
export type CosignRefusal =
  | { readonly status: 400; readonly why: "not-a-request" | "old-size-is-larger" }
  | { readonly status: 403; readonly why: "not-signed-by-the-log" }
  | { readonly status: 404; readonly why: "unknown-log" }
  /** The witness has another size: the requester repeats its request from there. */
  | { readonly status: 409; readonly why: "other-size"; readonly size: number }
  /** The log was forked: at the size that the witness has, it has another root. */
  | { readonly status: 409; readonly why: "inconsistent"; readonly size: number }
  /** The log was forked: its history is not the one that the witness has cosigned. */
  | { readonly status: 422; readonly why: "inconsistent" };

/** The most hashes that a proof may have (C2SP tlog-witness). */
const longestProof = 63;

/** Returns the request in `body`, whose signature and proof are not verified; undefined where it is not one. */
export function readCosignRequest(body: string): CosignRequest | undefined {
  const cut = body.indexOf("\n\n");
  const [first = "", ...lines] = body.slice(0, Math.max(0, cut)).split("\n");
  const size = /^old (0|[1-9][0-9]*)$/.exec(first)?.[1];
  const proof = lines.map((line) => Buffer.from(line, "base64"));
  const isProof = proof.every((hash, n) => hash.length === 32 && hash.toString("base64") === lines[n]);
  const note = readNote(body.slice(cut + 2));
  const checkpoint = note && readCheckpoint(note.text);
  if (note === undefined || checkpoint === undefined) return undefined;
  if (size === undefined || !Number.isSafeInteger(Number(size))) return undefined;
  return isProof && proof.length <= longestProof ? { oldSize: Number(size), proof, note, checkpoint } : undefined;
}

/** Returns the text of a request to cosign `noteText`, whose log begins with the `oldSize` leaves that the witness has. */
export function cosignRequestText(oldSize: number, proof: readonly Buffer[], noteText: string): string {
  return [`old ${oldSize}`, ...proof.map((hash) => hash.toString("base64")), "", noteText].join("\n");
}

/**
 * Judges a request against the last checkpoint that the witness has cosigned of this log (`known`; undefined: none yet) and the log's keys.
 * Returns the new head, which the witness must keep, only if it still has `known`, before it signs.
 */
export function judgeCosign(
  { oldSize, proof, note, checkpoint }: CosignRequest,
  keys: readonly VerifierKey[],
  known: TreeHead | undefined,
): CosignRefusal | { readonly status: 200; readonly head: TreeHead } {
  const ofLog = keys.filter(({ name }) => name === checkpoint.origin);
  if (ofLog.length === 0) return { status: 404, why: "unknown-log" };
  if (!isSignedByOne(note, ofLog)) return { status: 403, why: "not-signed-by-the-log" };
  if (oldSize > checkpoint.size) return { status: 400, why: "old-size-is-larger" };
  const { size, root } = checkpoint;
  const last = known ?? { size: 0, root: emptyRoot };
  // Whatever size the requester believes the witness to have: one signature of the log or the other is of a false history.
  if (size === last.size && size > 0 && !root.equals(last.root))
    return { status: 409, why: "inconsistent", size: last.size };
  if (oldSize !== last.size) return { status: 409, why: "other-size", size: last.size };
  return isConsistent(last, checkpoint, proof)
    ? { status: 200, head: { size, root } }
    : { status: 422, why: "inconsistent" };
}

/** Whether one key of the log signed the note, and no signature that claims to be of such a key is false. */
function isSignedByOne({ text, signatures }: SignedNote, keys: readonly VerifierKey[]): boolean {
  const claimed = signatures.flatMap((signature) => {
    const key = keys.find(({ name, keyId }) => name === signature.name && keyId === signature.keyId);
    return key === undefined ? [] : [isSignedBy(key, text, signature)];
  });
  return claimed.length > 0 && claimed.every(Boolean);
}
