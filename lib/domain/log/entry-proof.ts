import { type Checkpoint, readCheckpoint } from "./checkpoint.ts";
import { leafHash } from "./hash.ts";
import { rootFromInclusion } from "./inclusion.ts";
import { noteText, readNote, type SignedNote } from "./signed-note.ts";

/** The evidence for one entry of the log in one file (C2SP tlog-proof): its text, its place, the path to the root, the signed checkpoint. */
export interface EntryProof {
  readonly entry: string;
  /** Place in the log, from 0. */
  readonly index: number;
  readonly path: readonly Buffer[];
  readonly note: SignedNote;
}

const header = "c2sp.org/tlog-proof@v1";
/** The deepest tree has 2^53 leaves. */
const longestPath = 53;

/** Returns the text of a `.tlog-proof` file. */
export function proofText({ entry, index, path, note }: EntryProof): string {
  const lines = [header, `extra ${Buffer.from(entry).toString("base64")}`, `index ${index}`];
  return `${[...lines, ...path.map((hash) => hash.toString("base64"))].join("\n")}\n\n${noteText(note)}`;
}

/** Returns the proof in `text`, without verifying it; undefined where it is not one, or carries no entry. */
export function readProof(text: string): EntryProof | undefined {
  const cut = text.indexOf("\n\n");
  const [first, extra = "", index = "", ...path] = text.slice(0, Math.max(0, cut)).split("\n");
  const note = readNote(text.slice(cut + 2));
  const entry = afterName("extra", extra);
  const place = Number(afterName("index", index));
  const hashes = path.map((line) => Buffer.from(line, "base64"));
  if (first !== header || note === undefined || entry === undefined || !Number.isSafeInteger(place)) return undefined;
  if (path.length > longestPath || hashes.some((hash, n) => hash.length !== 32 || hash.toString("base64") !== path[n]))
    return undefined;
  return { entry: Buffer.from(entry, "base64").toString(), index: place, path: hashes, note };
}

/** Returns the checkpoint that holds the entry at its place; undefined where the path does not lead to its root. Signatures are not judged. */
export function checkpointOf({ entry, index, path, note }: EntryProof): Checkpoint | undefined {
  const checkpoint = readCheckpoint(note.text);
  if (checkpoint === undefined) return undefined;
  const root = rootFromInclusion({ index, size: checkpoint.size }, leafHash(entry), path);
  return root?.equals(checkpoint.root) === true ? checkpoint : undefined;
}

function afterName(name: string, line: string): string | undefined {
  return line.startsWith(`${name} `) ? line.slice(name.length + 1) : undefined;
}
