import { hash } from "node:crypto";

/**
 * The Merkle root over `leaves` as RFC 6962, section 2.1, has it: SHA-256, leaves and nodes told apart by their first byte, so that no node can
 * pass for a leaf. 64 lower-case hex digits.
 */
export function merkleRoot(leaves: readonly string[]): string {
  let level: readonly Buffer[] = leaves.map((leaf) => digest(Buffer.concat([Buffer.of(0), Buffer.from(leaf)])));
  if (level.length === 0) return hash("sha256", "");
  while (level.length > 1) level = pairs(level);
  return level[0]?.toString("hex") ?? "";
}

/** One level up. One that is left over goes up as it is, which gives the tree of RFC 6962: the left part is the largest power of two. */
function pairs(level: readonly Buffer[]): readonly Buffer[] {
  const up: Buffer[] = [];
  for (let n = 0; n < level.length; n += 2) {
    const [left, right] = [level[n], level[n + 1]];
    if (left !== undefined) up.push(right === undefined ? left : digest(Buffer.concat([Buffer.of(1), left, right])));
  }
  return up;
}

function digest(bytes: Buffer): Buffer {
  return hash("sha256", bytes, "buffer");
}
