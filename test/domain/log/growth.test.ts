import { describe, expect, it } from "vitest";
import { isConsistent } from "../../../lib/domain/log/consistency.ts";
import { appendLeaf, emptyFrontier, rootOf } from "../../../lib/domain/log/frontier.ts";
import { growthProof } from "../../../lib/domain/log/growth.ts";
import { leafHash } from "../../../lib/domain/log/hash.ts";
import { consistencyProof, leafRange } from "../../../lib/domain/log/proofs.ts";

const leaves = Array.from({ length: 70 }, (_, n) => leafHash(`entry ${n}`));
const frontierAt = (size: number) => leaves.slice(0, size).reduce(appendLeaf, emptyFrontier);
const headAt = (size: number) => ({ size, root: rootOf(frontierAt(size)) });
const pairs = leaves.flatMap((_, newer) => Array.from({ length: newer + 1 }, (_, older) => [older, newer] as const));

describe("the proof of growth", () => {
  it("is the proof over all leaves, for each pair of sizes", () => {
    const range = leafRange(leaves);
    for (const [older, newer] of pairs)
      expect(growthProof(frontierAt(older), leaves.slice(older, newer)), `${older} to ${newer}`).toEqual(
        consistencyProof(range, older, newer),
      );
  });

  it("convinces, and only of the leaves that were appended", () => {
    const proof = growthProof(frontierAt(21), leaves.slice(21, 40));
    expect(isConsistent(headAt(21), headAt(40), proof)).toBe(true);
    const other = growthProof(frontierAt(21), leaves.slice(22, 41));
    expect(isConsistent(headAt(21), headAt(40), other)).toBe(false);
  });
});
