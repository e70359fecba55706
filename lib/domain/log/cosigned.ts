import { type Checkpoint, isSameCheckpoint, readCheckpoint } from "./checkpoint.ts";
import { noteText, readNote } from "./signed-note.ts";
import { isSignedBy, type VerifierKey } from "./verifier-key.ts";

/** How a cosigned checkpoint stands to a witness. `absent`: it is the right checkpoint, and nothing in it claims to be this witness's. */
export type CosignedJudgement = "right" | "absent" | "wrong";

/** Judges the note in `text`, which has to be the checkpoint `expected`, by the signatures that claim to be of `witness`. */
export function judgeCosigned(text: string, expected: Checkpoint, witness: VerifierKey): CosignedJudgement {
  const note = readNote(text);
  const found = note && readCheckpoint(note.text);
  if (note === undefined || found === undefined || !isSameCheckpoint(found, expected)) return "wrong";
  const own = note.signatures.filter(({ name, keyId }) => name === witness.name && keyId === witness.keyId);
  if (own.length === 0) return "absent";
  return own.every((signature) => isSignedBy(witness, note.text, signature)) ? "right" : "wrong";
}

/** Returns the checkpoint `text` with the signature that `witness` made of it, found in `lines`; undefined if no signature verifies. */
export function cosignedCheckpoint(text: string, lines: string, witness: VerifierKey): string | undefined {
  const note = readNote(text);
  const answered = note && readNote(`${text}${lines}`);
  const own = answered?.signatures
    .slice(note?.signatures.length)
    .find((signature) => isSignedBy(witness, answered.text, signature));
  if (note === undefined || own === undefined || answered?.text !== note.text) return undefined;
  return noteText({ text: note.text, signatures: [...note.signatures, own] });
}
