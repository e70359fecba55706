import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isConsistent } from "../../../lib/domain/log/consistency.ts";
import { appendLeaf, emptyFrontier, frontierFrom, rootOf } from "../../../lib/domain/log/frontier.ts";
import { leafHash, nodeHash, sha256 } from "../../../lib/domain/log/hash.ts";
import { rootFromInclusion } from "../../../lib/domain/log/inclusion.ts";
import { consistencyProof, inclusionProof, leafRange } from "../../../lib/domain/log/proofs.ts";
import { fromHex, vectors } from "./vectors.ts";

const leavesOf = (size: number) => Array.from({ length: size }, (_, n) => leafHash(String(n)));
const treeOf = (leaves: readonly Buffer[]) => leaves.reduce(appendLeaf, emptyFrontier);
const rootHex = (leaves: readonly Buffer[]) => rootOf(treeOf(leaves)).toString("hex");
const aTree = fc.integer({ min: 1, max: 300 });

describe("against the published vectors", () => {
  it("hashes the leaves and the root of the example log", () => {
    const leaves = vectors.entries.map((entry) => leafHash(entry));
    expect(leaves.map((leaf) => leaf.toString("hex"))).toEqual(vectors.leaf_hex);
    expect(rootHex(leaves)).toBe(vectors.root_hex);
  });

  it.each(vectors.small_trees)("proves every leaf and every beginning of the tree of $size", (tree) => {
    const leaves = leavesOf(tree.size);
    const range = leafRange(leaves);
    expect(rootHex(leaves)).toBe(tree.root_hex);
    for (const [index, path] of tree.inclusion.entries())
      expect(inclusionProof(range, index, tree.size)).toEqual(fromHex(path));
    for (const [older, path] of tree.consistency.entries())
      expect(consistencyProof(range, older, tree.size)).toEqual(older === 0 ? [] : fromHex(path));
  });
});

describe("a tree of any size", () => {
  it("has the root of the recursive definition", () => {
    fc.assert(
      fc.property(aTree, (size) => rootHex(leavesOf(size)) === leafRange(leavesOf(size)).root(0, size).toString("hex")),
    );
  });

  it("proves each leaf, and no other leaf, place or size", () => {
    fc.assert(
      fc.property(aTree, fc.nat(), fc.nat(), (size, at, flip) => {
        const leaves = leavesOf(size);
        const index = at % size;
        const path = inclusionProof(leafRange(leaves), index, size);
        const root = rootOf(treeOf(leaves));
        const leaf = leaves[index] ?? root;
        expect(rootFromInclusion({ index, size }, leaf, path)).toEqual(root);
        expect(rootFromInclusion({ index, size }, leafHash("other"), path)).not.toEqual(root);
        const elsewhere = (index + 1 + (flip % Math.max(1, size - 1))) % size;
        if (elsewhere !== index) expect(rootFromInclusion({ index: elsewhere, size }, leaf, path)).not.toEqual(root);
        expect(rootFromInclusion({ index, size }, leaf, [...path, root])).not.toEqual(root);
      }),
    );
  });

  it("is consistent with each of its beginnings, and with no other history", () => {
    fc.assert(
      fc.property(aTree, fc.nat(), (newer, part) => {
        const older = 1 + (part % newer);
        const range = leafRange(leavesOf(newer));
        const proof = consistencyProof(range, older, newer);
        const [oldHead, newHead] = [
          { size: older, root: range.root(0, older) },
          { size: newer, root: range.root(0, newer) },
        ];
        expect(isConsistent(oldHead, newHead, proof)).toBe(true);
        expect(isConsistent({ ...oldHead, root: sha256(Buffer.of(1)) }, newHead, proof)).toBe(false);
        expect(isConsistent(oldHead, { ...newHead, root: sha256(Buffer.of(1)) }, proof)).toBe(false);
        expect(isConsistent(oldHead, newHead, [...proof, newHead.root])).toBe(false);
      }),
    );
  });
});

describe("bad input", () => {
  const leaf = leafHash("0");
  it.each([
    { index: 1, size: 1 },
    { index: -1, size: 1 },
    { index: 0.5, size: 2 },
    { index: 0, size: Number.POSITIVE_INFINITY },
    { index: Number.NaN, size: 3 },
  ])("has no root for the place %j", (place) => {
    expect(rootFromInclusion(place, leaf, [])).toBeUndefined();
  });

  it("takes a path neither too short nor too long", () => {
    expect(rootFromInclusion({ index: 0, size: 2 }, leaf, [])).toBeUndefined();
    expect(rootFromInclusion({ index: 0, size: 1 }, leaf, [leaf])).toBeUndefined();
  });

  it("refuses a proof that an older tree comes after a newer one", () => {
    const two = { size: 2, root: nodeHash(leaf, leaf) };
    expect(isConsistent(two, { size: 1, root: leaf }, [leaf])).toBe(false);
  });

  it("accepts as many subtree roots as the size has bits, and no other number", () => {
    expect(frontierFrom(6, [leaf, leaf])).toMatchObject({ size: 6 });
    expect(frontierFrom(6, [leaf])).toBeUndefined();
    expect(frontierFrom(0, [])).toEqual(emptyFrontier);
  });
});
