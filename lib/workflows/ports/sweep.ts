import type { HistoryMark } from "../../domain/case/history-mark.ts";
import type { DeletionRequest } from "../../domain/deletion/request.ts";
import type { KeyArn } from "../../domain/key/key-arn.ts";
import type { ApiCall, Shown } from "../../domain/operations/operation.ts";
import type { KeyLabels } from "../../domain/policy/label-age.ts";
import type { KnownStates, ReportMissed } from "./change.ts";
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
  /** ListAliases without a key, all pages. */
  allAliases(): Promise<readonly ListedAlias[]>;
}

/** An alias as ListAliases shows it. */
export interface ListedAlias {
  readonly alias: string;
  /** The ARN of its key as it came; absent for an alias without a key. */
  readonly target?: string;
}

/** How far the states of all keys have been read. Parts are those of the label book. */
export interface StateProgress {
  /** When the latest reading of each part that came to its end began (ms). */
  readonly readAt: ReadonlyMap<number, number>;
  /** The part that is being read: when that began (ms), and the last key that was looked at. */
  readonly reading?: { readonly part: number; readonly beganAt: number; readonly after?: KeyArn };
}

/** What the sweep keeps the inventory of states with. */
export interface StateInventory {
  readonly known: Pick<KnownStates, "last" | "note">;
  /** Throws STORE_UNAVAILABLE. */
  progress(): Promise<StateProgress>;
  /** Replaces what `progress` answers. Throws STORE_UNAVAILABLE. */
  noteProgress(progress: StateProgress): Promise<void>;
  /** Makes one call that changes nothing. A refusal of the service is a value; throws ACCESS_DENIED or CONTROL_PLANE_UNAVAILABLE. */
  look(call: ApiCall): Promise<Shown>;
  readonly reportMissed: ReportMissed;
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
  /** When the tags of each part were last read to their end (ms), and under the number after the last part when labels were noted. */
  readAt(): Promise<ReadonlyMap<number, number>>;
  /** Replaces what `readAt` answers. */
  noteReadAt(times: ReadonlyMap<number, number>): Promise<void>;
  read(part: number): Promise<ReadonlyMap<KeyArn, LabelledKey> | "unreadable">;
  /** Returns how many keys had no room. */
  write(part: number, keys: ReadonlyMap<KeyArn, LabelledKey>): Promise<number>;
}

/** A stretch of time (ms since the epoch), both ends included; without `to` it has no end. */
export interface Stretch {
  readonly from: number;
  readonly to?: number;
}

/** What was read of one stretch of CloudTrail's event history. */
export interface HistoryPart {
  /** The successful DeleteKey calls on keys of this stack, by key: all of them, because several may be made within a second. */
  readonly calls: ReadonlyMap<KeyArn, readonly DeletionRequest[]>;
  /** Whether the stretch was read to its end. */
  readonly complete: boolean;
  /** The earliest time (ms) of any record read. It proves nothing: AWS does not promise an order. */
  readonly reachedAt?: number;
}

/** CloudTrail's event history of this account and Region: 90 days. Every call throws HISTORY_UNAVAILABLE. */
export interface EventHistory {
  /** Reads the DeleteKey calls of `stretch`: one page at least, and then while `timeLeft` (ms) is above 0. */
  read(stretch: Stretch, timeLeft: () => number): Promise<HistoryPart>;
  /**
   * Looks up the record of one call, whatever else the history holds. `other-call`: the eventID belongs to something else than a
   * successful DeleteKey call on a key of this stack.
   */
  record(eventId: string): Promise<DeletionRequest | "other-call" | "none">;
}

/** Where the sweep keeps how far it has read the history forward. Throws STORE_UNAVAILABLE. */
export interface HistoryMarks {
  /** Returns the mark, or undefined where there is none that can be read. */
  read(): Promise<HistoryMark | undefined>;
  save(mark: HistoryMark): Promise<void>;
}
