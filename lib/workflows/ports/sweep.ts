import type { DeletionRequest } from "../../domain/deletion/request.ts";
import type { KeyArn } from "../../domain/key/key-arn.ts";
import type { KeyLabels } from "../../domain/policy/label-age.ts";
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
  /** ListAliases without a key, all pages: the aliases of every key that has some. */
  aliasesByKey(): Promise<ReadonlyMap<string, readonly string[]>>;
}

/** One key in the label book. */
export interface LabelledKey {
  readonly labels: KeyLabels;
  /** The tags to be read once a day. */
  readonly toRead: readonly string[];
  /** When they were last tried (ms). */
  readonly triedAt?: number;
  /** The inventory has just seen the key for the first time. */
  readonly isNew?: true;
}

/** The labels of all keys as the inventory has read them, in parts of which each is one item. Throws STORE_UNAVAILABLE. */
export interface LabelBook {
  readonly parts: number;
  partOf(keyArn: KeyArn): number;
  /** When the tags of each part were last read to their end (ms). */
  readAt(): Promise<ReadonlyMap<number, number>>;
  /** Replaces what `readAt` answers. */
  noteReadAt(times: ReadonlyMap<number, number>): Promise<void>;
  read(part: number): Promise<ReadonlyMap<KeyArn, LabelledKey> | "unreadable">;
  /** Returns how many keys had no room. */
  write(part: number, keys: ReadonlyMap<KeyArn, LabelledKey>): Promise<number>;
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
