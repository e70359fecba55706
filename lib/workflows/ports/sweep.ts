import type { DeletionRequest } from "../../domain/deletion/request.ts";
import type { KeyArn } from "../../domain/key/key-arn.ts";
import type { InventoriedKey } from "./guard.ts";

/** A key as ListKeys shows it: without its time, its tags, or who wants it gone. */
export interface ListedKey {
  readonly arn: KeyArn;
  readonly usage: string;
}

/** ListKeys, all pages. Throws CONTROL_PLANE_UNAVAILABLE or ACCESS_DENIED. */
export interface KeyLists {
  /** Every key in DELETE_PENDING. */
  pending(): Promise<readonly ListedKey[]>;
  /** Every key there is. */
  all(): Promise<readonly InventoriedKey[]>;
}

/** The deletions in CloudTrail's event history. */
export interface DeletionHistory {
  /** The successful DeleteKey calls on each key: all of them, because several may be made within a second. */
  readonly calls: ReadonlyMap<KeyArn, readonly DeletionRequest[]>;
  /** Whether it was read to its end. */
  readonly complete: boolean;
}

/**
 * Reads CloudTrail's event history (90 days), one page at least, and then as far as `timeLeft` (ms) permits. Throws
 * HISTORY_UNAVAILABLE.
 */
export type EventHistory = (timeLeft: () => number) => Promise<DeletionHistory>;
