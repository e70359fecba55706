import type { StateSighting } from "../../domain/change/known-state.ts";
import type { CallPath } from "../../domain/deletion/request.ts";
import type { PaymentKey } from "../../domain/key/payment-key.ts";
import type { Chain } from "../../domain/ledger/chain.ts";
import type { ChangeName } from "../../domain/ledger/change-name.ts";
import type { ChangePermitName } from "../../domain/ledger/change-permit-name.ts";
import type { Call } from "../../domain/operations/call.ts";
import type { ApiCall, Shown } from "../../domain/operations/operation.ts";
import type { State } from "../../domain/operations/state.ts";
import type { Subject } from "../../domain/operations/subject.ts";
import type { Requester } from "../../domain/people/requester.ts";
import type { ChainChange } from "./guard.ts";

/** A successful call that changes a payment key or its surroundings, or a service event about one, as its CloudTrail record told it. */
export interface RecordedChange extends CallPath {
  /** No event reported the change: the inventory saw it at `at`, and `call` is the one that makes such a change. */
  readonly source?: "inventory";
  readonly eventId: string;
  /** eventTime, ms since the epoch. */
  readonly at: number;
  readonly call: Call;
  readonly isServiceEvent: boolean;
  readonly requester: Requester;
  readonly sourceIp?: string;
  readonly userAgent?: string;
}

/** The chains of changes. Throws STORE_UNAVAILABLE, or CASE_UNREADABLE for one that cannot be trusted. */
export interface ChangeBook {
  read(name: ChangeName): Promise<Chain | undefined>;
  /** Returns the hour of the latest chain of this operation and subject. */
  latestHour(series: Pick<ChangeName, "operation" | "subject">): Promise<number | undefined>;
  save(change: ChainChange): Promise<"saved" | "conflict">;
}

/** The permits for changes. Throws STORE_UNAVAILABLE; one that cannot be trusted is left out of a list, and `read` throws CASE_UNREADABLE for it. */
export interface ChangePermitBook {
  /** Those of one operation and subject that were requested beforehand, the newest `maxPermitsRead`, and those of changes since the hour `sinceHour`. */
  list(series: Pick<ChangePermitName, "operation" | "subject">, sinceHour: number): Promise<readonly Chain[]>;
  read(name: ChangePermitName): Promise<Chain | undefined>;
  save(change: ChainChange): Promise<"saved" | "conflict">;
}

/**
 * The questions about changes: permits that people are asked for and that a reminder is due of. Throws STORE_UNAVAILABLE; `read` throws CASE_UNREADABLE for one
 * that cannot be trusted.
 */
export interface ChangeQuestions extends Pick<ChangePermitBook, "read" | "save"> {
  /** Those that are due at `now` (ms), the longest due first, at most `limit`. Eventually consistent. */
  due(now: number, limit: number): Promise<readonly ChangePermitName[]>;
  /** Makes a question due at `dueAt` (ms), or never again; one that has ended stays as it is. */
  schedule(name: ChangePermitName, dueAt: number | undefined): Promise<void>;
}

/** Publishes that a permit for a change was added to: its name, and nothing else. Throws BUS_UNAVAILABLE. */
export type NotifyChangePermit = (name: ChangePermitName) => Promise<void>;

/** Asks remediation to act on what a person requested about a change: its name, and nothing else. Throws BUS_UNAVAILABLE. */
export type ActOnChange = (name: ChangeName) => Promise<void>;

/** What the inventory last saw of each subject. Throws STORE_UNAVAILABLE. */
export interface KnownStates {
  /** The state that `aspect` of `subject` had when it was last seen before `at` (ms); undefined where it was not. */
  before(aspect: string, subject: Subject, at: number): Promise<State | undefined>;
  /** The latest sighting; undefined if it was never seen. */
  last(aspect: string, subject: Subject): Promise<StateSighting | undefined>;
  /**
   * Notes that a look that began at `at` (ms) and ended at `shownAt` (`at`, if absent) showed `subject` so. An older sighting never replaces a newer
   * one; the last different state is kept beside it.
   */
  note(aspect: string, subject: Subject, state: State, at: number, shownAt?: number): Promise<void>;
}

/** A subject that looks otherwise than it did when it was last seen, although no event told so. It is a reason to look, and carries no state. */
export interface MissedChange {
  readonly aspect: string;
  readonly subject: Subject;
  /** When the inventory saw it (ms). */
  readonly at: number;
}

/** Has a missed change recorded. Throws QUEUE_UNAVAILABLE. */
export type ReportMissed = (missed: MissedChange) => Promise<void>;

/** Calls of the control plane by name. */
export interface ChangePlane {
  /** Makes one call. A refusal of the service is a value; throws ACCESS_DENIED or CONTROL_PLANE_UNAVAILABLE. */
  call(call: ApiCall): Promise<Shown>;
  /** Returns the key in the answer of GetKey, or undefined where it shows none. One that is pending deletion, or gone, is not enabled. */
  keyIn(shown: Shown): PaymentKey | undefined;
}

/** Publishes that something was added to the chain of a change: its name, and nothing else. Throws BUS_UNAVAILABLE. */
export type NotifyChangeRecorded = (name: ChangeName) => Promise<void>;
