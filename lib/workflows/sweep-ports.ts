import type { DeletionRequest } from "../domain/deletion-request.ts";
import type { KeyArn } from "../domain/key-arn.ts";

/** A key as ListKeys shows it: without its time, its tags, or who wants it gone. */
export interface ListedKey {
  readonly arn: KeyArn;
  readonly usage: string;
}

/** Every key in DELETE_PENDING. Throws CONTROL_PLANE_UNAVAILABLE or ACCESS_DENIED. */
export type PendingKeys = () => Promise<readonly ListedKey[]>;

/** What CloudTrail's event history tells of deletions. */
export interface DeletionHistory {
  /** The latest successful DeleteKey call of each key. */
  readonly latest: ReadonlyMap<KeyArn, DeletionRequest>;
  /** Whether it was read to its end. */
  readonly complete: boolean;
}

/** Reads CloudTrail's event history (90 days). Throws HISTORY_UNAVAILABLE. */
export type EventHistory = () => Promise<DeletionHistory>;
