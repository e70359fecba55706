import { nodeHash } from "./hash.ts";

/** A tree, by its number of leaves and its root. */
export interface TreeHead {
  readonly size: number;
  readonly root: Buffer;
}

/** Returns whether `proof` shows that the tree `newer` begins with all leaves of `older`, in their order (RFC 9162, 2.1.4.2). */
export function isConsistent(older: TreeHead, newer: TreeHead, proof: readonly Buffer[]): boolean {
  if (older.size === newer.size) return proof.length === 0 && older.root.equals(newer.root);
  if (older.size === 0) return proof.length === 0;
  const [first, ...rest] = isPowerOfTwo(older.size) ? [older.root, ...proof] : proof;
  if (older.size > newer.size || proof.length === 0 || first === undefined) return false;
  let [at, last] = withoutCommonEnd(older.size - 1, newer.size - 1);
  let [oldRoot, newRoot] = [first, first];
  for (const hash of rest) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      oldRoot = nodeHash(hash, oldRoot);
      newRoot = nodeHash(hash, newRoot);
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else newRoot = nodeHash(newRoot, hash);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && oldRoot.equals(older.root) && newRoot.equals(newer.root);
}

function withoutCommonEnd(older: number, newer: number): readonly [number, number] {
  let [at, last] = [older, newer];
  while (at % 2 === 1) [at, last] = [half(at), half(last)];
  return [at, last];
}

function isPowerOfTwo(size: number): boolean {
  return Number.isInteger(Math.log2(size));
}

function half(value: number): number {
  return Math.floor(value / 2);
}
