import { emptyRoot, nodeHash } from "./hash.ts";

/**
 * What is needed to append to a tree: the roots of its full subtrees, the largest first, one per bit of its size. A tree of 1,000,000 leaves
 * has at most 20.
 */
export interface Frontier {
  /** Number of leaves. */
  readonly size: number;
  readonly roots: readonly Buffer[];
}

/** The tree without a leaf. */
export const emptyFrontier: Frontier = { size: 0, roots: [] };

/** Returns the tree with one more leaf, given by its hash. Two subtrees of one size become one. */
export function appendLeaf({ size, roots }: Frontier, leaf: Buffer): Frontier {
  const left = [...roots];
  let node = leaf;
  for (let bits = size; bits % 2 === 1; bits = Math.floor(bits / 2)) node = nodeHash(left.pop() ?? emptyRoot, node);
  return { size: size + 1, roots: [...left, node] };
}

/** Returns the root of the tree (RFC 6962, 2.1). */
export function rootOf({ roots }: Frontier): Buffer {
  const [last, ...larger] = roots.toReversed();
  return larger.reduce((right, left) => nodeHash(left, right), last ?? emptyRoot);
}

/** Returns the frontier made of `roots`, if so many subtrees belong to a tree of `size` leaves; their hashes are not judged. */
export function frontierFrom(size: number, roots: readonly Buffer[]): Frontier | undefined {
  return roots.length === onesIn(size) ? { size, roots } : undefined;
}

function onesIn(size: number): number {
  let ones = 0;
  for (let bits = size; bits > 0; bits = Math.floor(bits / 2)) ones += bits % 2;
  return ones;
}
