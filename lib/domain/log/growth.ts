import type { Frontier } from "./frontier.ts";
import { emptyRoot } from "./hash.ts";
import { consistencyProof, leafRange } from "./proofs.ts";

/**
 * Returns the proof that the tree `before` is the beginning of the same tree with `leaves` (their hashes) appended. Whatever a proof needs of the older tree is a root
 * of its frontier, so nobody has to read the leaves before it.
 */
export function growthProof(before: Frontier, leaves: readonly Buffer[]): readonly Buffer[] {
  const added = leafRange(leaves);
  const roots = rootsByPlace(before);
  const root = (from: number, to: number) =>
    from >= before.size ? added.root(from - before.size, to - before.size) : (roots.get(from) ?? emptyRoot);
  return consistencyProof({ root, size: before.size + leaves.length }, before.size, before.size + leaves.length);
}

/** Returns the root of each full subtree by the place of its first leaf. */
function rootsByPlace({ size, roots }: Frontier): ReadonlyMap<number, Buffer> {
  let place = 0;
  const placed = roots.map((root) => {
    const found = [place, root] as const;
    place += 2 ** Math.floor(Math.log2(size - place));
    return found;
  });
  return new Map(placed);
}
