import type { TreeHead } from "./consistency.ts";

/** A checkpoint (C2SP tlog-checkpoint): the head of the log `origin`, as the text of a signed note. */
export interface Checkpoint extends TreeHead {
  /** Name of the log, and of the key that signs it: `reprieve/<account>/<region>/<stage>`. */
  readonly origin: string;
}

/** Returns the text that is signed, three lines. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${root.toString("base64")}\n`;
}

/** Returns whether both are the head of the same log, with the same tree. */
export function isSameCheckpoint(one: Checkpoint, other: Checkpoint): boolean {
  return one.origin === other.origin && one.size === other.size && one.root.equals(other.root);
}

/** Returns the checkpoint in the text of a note; undefined where it is not one. Lines after the third are allowed, and ignored. */
export function readCheckpoint(text: string): Checkpoint | undefined {
  const [origin = "", size = "", base64 = ""] = text.split("\n");
  const root = Buffer.from(base64, "base64");
  if (origin === "" || !/^(0|[1-9][0-9]*)$/.test(size) || !Number.isSafeInteger(Number(size))) return undefined;
  return root.length === 32 && root.toString("base64") === base64 ? { origin, size: Number(size), root } : undefined;
}
