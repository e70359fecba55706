import type { KeyArn } from "../../domain/key/key-arn.ts";
import type { Policy } from "../../domain/policy/policy.ts";
import type { ChangeBook, ChangePermitBook, ChangePlane, KnownStates, NotifyChangeRecorded } from "../ports/change.ts";
import type { KeyInventory, Log, PauseBook, StoredCase } from "../ports/guard.ts";
import type { RemediationClaims } from "../ports/remediation.ts";

/** What a change is judged and undone with. */
export interface ChangeDeps {
  readonly policy: Policy;
  readonly book: ChangeBook;
  readonly permits: ChangePermitBook;
  readonly known: KnownStates;
  readonly plane: ChangePlane;
  readonly labelsSeen: KeyInventory["labelsSeen"];
  /** The newest case of a key. Throws STORE_UNAVAILABLE, or CASE_UNREADABLE for one that cannot be trusted. */
  readonly newestCase: (keyArn: KeyArn) => Promise<StoredCase | undefined>;
  readonly pauses: Pick<PauseBook, "latest">;
  readonly claims: RemediationClaims;
  readonly notify: NotifyChangeRecorded;
  /** ARNs of the stack's roles: their calls are never a reason to act. */
  readonly ownRoles: readonly string[];
  readonly stack: { readonly account: string; readonly region: string };
  /** ms since the epoch. */
  readonly clock: () => number;
  readonly log: Log;
  readonly version: string;
}

/** How often the queue has handed the message out, from 1. */
export interface Delivered {
  readonly deliveries: number;
}
