import { type Checkpoint, readCheckpoint } from "../../lib/domain/log/checkpoint.ts";
import { readNote } from "../../lib/domain/log/signed-note.ts";
import { isSignedBy, readVerifierKey, type VerifierKey, verifierKeyFrom } from "../../lib/domain/log/verifier-key.ts";
import { quoted } from "../../lib/domain/printable-text.ts";
import { InputError, UsageError } from "../shell/input-error.ts";
import { readPlainFile } from "./bounded-file.ts";

/** Returns the key that `text` spells, such as `reprieve/...+6093e1fc+AYa4...`. Throws a UsageError. */
export function keyFrom(text: string, option: string): VerifierKey {
  const key = readVerifierKey(text);
  if (key === undefined)
    throw new UsageError(`expected a verifier key (name+id+base64) for ${option}, found ${quoted(text)}`);
  return key;
}

/** Returns the checkpoint in a file that someone kept. Throws an InputError unless it is one, and signed by `key` where one is given. */
export async function keptCheckpoint(file: string, key: VerifierKey | undefined): Promise<Checkpoint> {
  const text = (await readPlainFile("", file, 65_536))?.toString("utf8");
  const note = text === undefined ? undefined : readNote(text);
  const checkpoint = note && readCheckpoint(note.text);
  if (note === undefined || checkpoint === undefined) throw new InputError(`\`${file}\` is not a checkpoint`);
  if (key !== undefined && !note.signatures.some((signature) => isSignedBy(key, note.text, signature)))
    throw new InputError(`\`${file}\` is not signed by ${key.name}`);
  return checkpoint;
}

/** Returns the key of a log or a witness in a file: an Ed25519 public key in DER, as KMS gives it. Throws an InputError. */
export async function publicKeyIn(
  file: string,
  name: string,
  type: "ed25519" | "cosignature" = "ed25519",
): Promise<VerifierKey> {
  const key = verifierKeyFrom(name, (await readPlainFile("", file, 65_536)) ?? Buffer.alloc(0), type);
  if (key === undefined)
    throw new InputError(
      `\`${file}\` is not a public key of Ed25519 in DER: aws kms get-public-key gives one in base64`,
    );
  return key;
}
