/** A signed note (C2SP signed-note): a text, and signatures over it by named keys. */
export interface SignedNote {
  /** What is signed, up to and with its last newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

export interface NoteSignature {
  /** Name of the key, without blanks and `+`. */
  readonly name: string;
  /** First four bytes of the key's hash, as eight lower-case hex digits. */
  readonly keyId: string;
  readonly bytes: Buffer;
}

/** A note has about 400 bytes; no reader is made to take more than this (bytes), nor more signatures. */
const longestNote = 16_384;
const mostSignatures = 32;

const signatureLine = /^\u2014 (\S+) ([A-Za-z0-9+/]+={0,2})$/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the format forbids exactly these
const control = /[\u0000-\u0009\u000b-\u001f\u007f]/u;

/** Returns the note in `text`, whose signatures are not verified; undefined where it is not one. */
export function readNote(text: string): SignedNote | undefined {
  if (text.length > longestNote || !text.endsWith("\n") || control.test(text)) return undefined;
  const cut = text.lastIndexOf("\n\n");
  if (cut < 1) return undefined;
  const lines = text.slice(cut + 2, -1).split("\n");
  if (lines.length > mostSignatures) return undefined;
  const signatures = lines.map((line) => readSignature(line));
  return signatures.every((signature) => signature !== undefined)
    ? { text: text.slice(0, cut + 1), signatures }
    : undefined;
}

/** Returns the text of a note. */
export function noteText({ text, signatures }: SignedNote): string {
  return `${text}\n${signatures.map((signature) => signatureText(signature)).join("")}`;
}

function readSignature(line: string): NoteSignature | undefined {
  const [, name, base64] = signatureLine.exec(line) ?? [];
  if (name === undefined || base64 === undefined || name.includes("+")) return undefined;
  const bytes = Buffer.from(base64, "base64");
  if (bytes.length < 5 || bytes.toString("base64") !== base64) return undefined;
  return { name, keyId: bytes.subarray(0, 4).toString("hex"), bytes: bytes.subarray(4) };
}

function signatureText({ name, keyId, bytes }: NoteSignature): string {
  return `\u2014 ${name} ${Buffer.concat([Buffer.from(keyId, "hex"), bytes]).toString("base64")}\n`;
}
