import { noteText, readNote } from "../../domain/log/signed-note.ts";
import { cosignedText, isSignedBy, type VerifierKey } from "../../domain/log/verifier-key.ts";
import { type CosignRefusal, type CosignRequest, judgeCosign, readCosignRequest } from "../../domain/log/witness.ts";
import type { SignCosignature, WitnessBook } from "../ports/witness.ts";

/** What a witness works with. */
export interface WitnessDeps {
  /** The logs that it cosigns, by their keys. */
  readonly logKeys: readonly VerifierKey[];
  /** The witness's own key. */
  readonly ownKey: VerifierKey;
  readonly book: WitnessBook;
  readonly sign: SignCosignature;
  /** ms since the epoch. */
  readonly clock: () => number;
}

/** A cosignature line, or a refusal. */
export type AddCheckpointAnswer =
  | { readonly status: 200; readonly line: string; readonly origin: string; readonly grownBy: number }
  | CosignRefusal;

/**
 * Cosigns a checkpoint that continues the one cosigned before (C2SP tlog-witness, `add-checkpoint`). INVARIANT: no signature leaves before the
 * checkpoint is kept, and it is kept only over the one it was judged against. Throws STORE_UNAVAILABLE or ARCHIVE_UNAVAILABLE.
 */
export async function addCheckpoint(deps: WitnessDeps, body: string): Promise<AddCheckpointAnswer> {
  const request = readCosignRequest(body);
  if (request === undefined) return { status: 400, why: "not-a-request" };
  const { origin } = request.checkpoint;
  const last = await deps.book.last(origin);
  const judged = judgeCosign(request, deps.logKeys, last);
  if (judged.status !== 200) return judged;
  const cosigned = await cosign(deps, request);
  // INVARIANT: what cannot be read again is never kept: the witness would have no memory of this log any more, and answer nothing.
  if (readNote(cosigned.whole) === undefined) return { status: 400, why: "not-a-request" };
  const next = { ...judged.head, noteText: cosigned.whole };
  if ((await deps.book.keep(origin, request.oldSize, next)) === "kept")
    return { status: 200, line: cosigned.line, origin, grownBy: judged.head.size - request.oldSize };
  // Another request was faster: with the same checkpoint, a later one, or another history.
  const now = await deps.book.last(origin);
  const again = judgeCosign(request, deps.logKeys, now);
  return again.status === 200 ? { status: 409, why: "other-size", size: now?.size ?? 0 } : again;
}

/** Returns the line of the witness's signature, and the checkpoint with it and the log's: a requester may have added any number of others. */
async function cosign({ logKeys, ownKey, sign, clock }: WitnessDeps, { note }: CosignRequest) {
  const at = Math.floor(clock() / 1000);
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(BigInt(at));
  const bytes = Buffer.concat([time, await sign(cosignedText(at, note.text))]);
  const signature = { name: ownKey.name, keyId: ownKey.keyId, bytes };
  const ofLog = logKeys.flatMap((key) => note.signatures.find((each) => isSignedBy(key, note.text, each)) ?? []);
  const whole = noteText({ text: note.text, signatures: [...ofLog, signature] });
  return { whole, line: noteText({ text: "", signatures: [signature] }).slice(1) };
}
