import { createHash } from "node:crypto";
import type { KeyArn } from "../../domain/key/key-arn.ts";

/** Parts of the inventory, each an item: 2,000 keys (the quota of a region) make some 4 KB each, and 12 KB of labels. */
export const inventoryParts = 32;

/** Returns the part of the inventory that a key belongs to. */
export function inventoryPart(arn: KeyArn): number {
  return (createHash("sha256").update(arn).digest()[0] ?? 0) % inventoryParts;
}
