import { type Checkpoint, checkpointText, isSameCheckpoint, readCheckpoint } from "./checkpoint.ts";
import { noteText, readNote } from "./signed-note.ts";
import { isSignedBy, type VerifierKey } from "./verifier-key.ts";

/** Returns the note of `checkpoint` with a signature of `key`. */
export function signedCheckpoint(checkpoint: Checkpoint, { name, keyId }: VerifierKey, signature: Buffer): string {
  return noteText({ text: checkpointText(checkpoint), signatures: [{ name, keyId, bytes: signature }] });
}

/**
 * How a note stands to the checkpoint that belongs there. `forged`: it is no checkpoint, or `key` did not sign it. `forked`: the key signed
 * another tree of the same log.
 */
export type CheckpointJudgement = "right" | "forged" | "forked";

/** Judges the note in `text` by the checkpoint that belongs there. */
export function judgeCheckpoint(text: string, expected: Checkpoint, key: VerifierKey): CheckpointJudgement {
  const note = readNote(text);
  if (note?.signatures.some((signature) => isSignedBy(key, note.text, signature)) !== true) return "forged";
  const found = readCheckpoint(note.text);
  return found !== undefined && isSameCheckpoint(found, expected) ? "right" : "forked";
}
