import { nodeHash } from "./hash.ts";

/**
 * Returns the root of a tree of `size` leaves that has `leaf` at `index` (from 0) and `path` beside it, from the leaf's sibling up; undefined
 * where the path has another length than such a tree needs (RFC 9162, 2.1.3.2).
 */
export function rootFromInclusion(
  { index, size }: LeafPosition,
  leaf: Buffer,
  path: readonly Buffer[],
): Buffer | undefined {
  if (!(Number.isSafeInteger(index) && Number.isSafeInteger(size) && 0 <= index && index < size)) return undefined;
  let [at, last, root] = [index, size - 1, leaf];
  for (const sibling of path) {
    if (last === 0) return undefined;
    if (at % 2 === 1 || at === last) {
      root = nodeHash(sibling, root);
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else root = nodeHash(root, sibling);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 ? root : undefined;
}

/** A leaf of a tree: its index, from 0, and how many leaves the tree has. */
export interface LeafPosition {
  readonly index: number;
  readonly size: number;
}

function half(value: number): number {
  return Math.floor(value / 2);
}
