import type { KeySighting } from "../../domain/case/usage-evidence.ts";
import type { DeletionRequest, KeyHint } from "../../domain/deletion/request.ts";
import type { KeyArn } from "../../domain/key/key-arn.ts";
import type { KeyObservation } from "../../domain/key/payment-key.ts";
import type { Chain } from "../../domain/ledger/chain.ts";
import type { Policy } from "../../domain/policy/policy.ts";
import type { CaseBus, CaseStore, KeyHistory, KeyInventory, Log, PauseBook, PaymentKeys } from "../ports/guard.ts";
import type { CaseFile } from "./case-file.ts";
import type { Labels } from "./labels-once.ts";
import type { UnrecordedRestores } from "./unrecorded-restores.ts";

/** Everything the guard works with: its policy, and the world as ports. */
export interface Guard {
  readonly policy: Policy;
  readonly keys: PaymentKeys;
  readonly cases: CaseStore;
  readonly inventory: Pick<KeyInventory, "lastSeen" | "labelsSeen">;
  readonly pauses: Pick<PauseBook, "latest">;
  readonly bus: CaseBus;
  /** ms since the epoch. */
  readonly clock: () => number;
  /** A name no other run has. */
  readonly newRunId: () => string;
  readonly log: Log;
  readonly unrecorded: UnrecordedRestores;
  readonly version: string;
}

/** Why the guard looks at a key. `deliveries` counts how often the queue has handed this message out, from 1. */
export type Trigger =
  | { readonly source: "event"; readonly request: DeletionRequest; readonly deliveries: number }
  | { readonly source: "service-event"; readonly keyArn: KeyArn; readonly deliveries: number }
  /** A message that is refused otherwise names this key. */
  | { readonly source: "hint"; readonly target: KeyHint; readonly deliveries: number }
  /** Something was added to this case, or its time has come. */
  | {
      readonly source: "re-evaluate";
      readonly keyArn: KeyArn;
      readonly generation: number;
      readonly deliveries: number;
    }
  /** The schedule: the key is pending, or a case of it is due. `asked`: see `Situation.asked`. */
  | {
      readonly source: "sweep";
      readonly keyArn: KeyArn;
      readonly deliveries: 1;
      readonly asked: boolean;
      /** See `Situation.listed`. */
      readonly listed: boolean;
    };

/** One pass over one key: what is known by now, and the cases worked on. */
export interface Run {
  readonly guard: Guard;
  readonly trigger: Trigger["source"];
  /** See `Situation.asked`. */
  readonly asked: boolean;
  /** See `Situation.listed`. */
  readonly listed: boolean;
  readonly owner: string;
  readonly arn: KeyArn;
  /** How often the queue has handed this message out, from 1. */
  readonly deliveries: number;
  /** See `Situation.unrecordedAttempt`. */
  readonly unrecordedAttempt: boolean;
  observation: KeyObservation;
  /** The key's records as they were read when the run began. */
  readonly history: KeyHistory;
  /** The record in hand, until a case knows it. */
  newRequest: DeletionRequest | undefined;
  /** Earlier generations whose last entries may still be unpublished. */
  readonly earlier: readonly CaseFile[];
  /** See `Situation.permitsRevoked`. */
  permitsRevoked?: boolean;
  /** The permits of the key, once they were read. */
  permits?: readonly Chain[];
  /** See `Situation.reconsidered`. */
  reconsidered?: boolean;
  /** What the inventory knows of the key, once it was asked. */
  lastSeen?: KeySighting | "never";
  /** Every case this run has touched, oldest first; the last one is the key's newest. */
  readonly files: CaseFile[];
  /** When to evaluate the case again (ms), should it stay open. */
  dueAt: number;
  /** This very run has seen RestoreKey succeed. */
  restoredHere: boolean;
  /** See `Situation.startedHere`. */
  startedHere?: boolean;
  /** See `Situation.withoutRecord`. */
  readonly withoutRecord: boolean;
  /** See `Situation.noRoom`. */
  noRoom?: true;
  /** Tags and aliases of the key, once they were read. */
  labels?: Labels;
}

/**
 * `conflict`: someone else wrote to the case first; `re-evaluate`: what was seen is not understood; `await-requester`: a record
 * of the deletion may still come, and could change the outcome.
 */
export type Progress = "go-on" | "rest" | "re-evaluate" | "await-requester" | "conflict";
