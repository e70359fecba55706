import { emptyRoot, nodeHash } from "./hash.ts";

/** Returns the hashes of a list of leaves by range, so that proofs share the roots of full subtrees. */
export interface LeafRange {
  /** Root over the leaves from `from` up to but without `to`. */
  readonly root: (from: number, to: number) => Buffer;
  readonly size: number;
}

/** The root over fewer leaves is computed again each time: kept ones would take more memory than the leaves. */
const fewestKept = 64;

/** Reads ranges of `leaves` (their hashes). The roots of large subtrees are computed once. */
export function leafRange(leaves: readonly Buffer[]): LeafRange {
  const known = new Map<string, Buffer>();
  const root = (from: number, to: number): Buffer => {
    if (to - from <= 1) return leaves[from] ?? emptyRoot;
    const name = `${from}-${to}`;
    const found = to - from < fewestKept ? undefined : known.get(name);
    if (found !== undefined) return found;
    const middle = from + largestPowerBelow(to - from);
    const made = nodeHash(root(from, middle), root(middle, to));
    if (to - from >= fewestKept) known.set(name, made);
    return made;
  };
  return { root, size: leaves.length };
}

/** Returns the path from the leaf at `index` (from 0) to the root of the first `size` leaves, the leaf's sibling first (RFC 6962, 2.1.1). */
export function inclusionProof(leaves: LeafRange, index: number, size: number): readonly Buffer[] {
  const path: Buffer[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + largestPowerBelow(to - from);
    if (index < middle) {
      path.push(leaves.root(middle, to));
      to = middle;
    } else {
      path.push(leaves.root(from, middle));
      from = middle;
    }
  }
  return path.reverse();
}

/** Returns the proof that the first `older` leaves are the beginning of the first `newer` (RFC 6962, 2.1.2); empty where one of them has no leaf. */
export function consistencyProof(leaves: LeafRange, older: number, newer: number): readonly Buffer[] {
  if (older === 0 || older >= newer) return [];
  const path: Buffer[] = [];
  let [from, to, whole] = [0, newer, true];
  while (older !== to) {
    const middle = from + largestPowerBelow(to - from);
    if (older <= middle) {
      path.push(leaves.root(middle, to));
      to = middle;
    } else {
      path.push(leaves.root(from, middle));
      [from, whole] = [middle, false];
    }
  }
  if (!whole) path.push(leaves.root(from, to));
  return path.reverse();
}

/** The largest power of two below `size`, which is at least 2. */
function largestPowerBelow(size: number): number {
  return 2 ** Math.floor(Math.log2(size - 1));
}
