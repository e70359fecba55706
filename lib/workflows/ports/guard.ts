import type { Keep } from "../../domain/case/keep.ts";
import type { KnownCalls } from "../../domain/case/known-calls.ts";
import type { KeySighting } from "../../domain/case/usage-evidence.ts";
import type { KeyArn } from "../../domain/key/key-arn.ts";
import type { KeyObservation, KnownKey } from "../../domain/key/payment-key.ts";
import type { CaseName } from "../../domain/ledger/case-name.ts";
import type { Chain } from "../../domain/ledger/chain.ts";
import type { Entry } from "../../domain/ledger/entry.ts";
import type { PermitName } from "../../domain/ledger/permit-name.ts";
import type { KeyLabels } from "../../domain/policy/label-age.ts";
import type { LogCode } from "./log-code.ts";

/**
 * The control plane of AWS Payment Cryptography. Every call throws a GuardError when the service cannot be reached, throttles
 * or denies access; what the service refuses because of the key's state is a value.
 */
export interface PaymentKeys {
  /** GetKey. `identifier` is a key ARN or an alias. */
  observe(identifier: string): Promise<KeyObservation>;
  /** RestoreKey. */
  restore(arn: KeyArn): Promise<EffectAnswer>;
  /** StartKeyUsage. */
  startUsage(arn: KeyArn): Promise<EffectAnswer>;
  /** ListTagsForResource, all pages. */
  tags(arn: KeyArn): Promise<Readonly<Record<string, string>>>;
  /** ListAliases of one key, all pages. */
  aliases(arn: KeyArn): Promise<readonly string[]>;
}

/** `refused` names the service's error: the key is in another state than was thought, or a limit is reached. */
export type EffectAnswer =
  | { readonly kind: "done"; readonly observation: KeyObservation }
  | { readonly kind: "refused"; readonly code: string };

/** A case as the store holds it. */
export interface StoredCase {
  readonly chain: Chain;
  readonly lease?: Lease;
  /** Failures of the effect now being tried, also those too many to record. Not evidence. */
  readonly failures: number;
  /** When the labels that the decision now due needs were first found unreadable (ms); absent while they are not missing. Not evidence. */
  readonly labelsMissingSince?: number;
  /** How many entries the world has learned of. Not evidence. */
  readonly published: number;
  /** When the case is to be evaluated again (ms); absent once nothing is left to do or to tell. */
  readonly dueAt?: number;
  /** The calls that the generations before it know, as its first write said; absent for none. Not evidence. */
  readonly earlier?: KnownCalls;
}

/** What a look at a key reads: the two newest generations, however many there are. */
export interface KeyHistory {
  /** The newest generation. */
  readonly newest?: StoredCase;
  /** The generation before it, if it can be read: its last entries may not have been published yet. */
  readonly previous?: StoredCase;
  /** The latest Keep recorded in any generation. INVARIANT: no earlier permit lets a deletion pass. */
  readonly keep?: Keep;
}

/** The claim of one run to act on a case until `until` (ms since the epoch); an expired one is taken over. */
export interface Lease {
  readonly owner: string;
  readonly until: number;
}

/** One conditional write to the chain of a permit or a pause: it takes place only if the chain still holds `expectedLength` entries. */
export interface ChainChange {
  readonly chain: Chain;
  /** Entries already stored; 0 begins the chain. */
  readonly expectedLength: number;
}

export type CaseStatus = "open" | "following" | "closed";

/** One conditional write: it takes place only if the case still holds `expectedLength` entries and nobody else claims it. */
export interface CaseChange extends CaseName {
  readonly chain: Chain;
  /** Entries already stored; 0 creates the case. */
  readonly expectedLength: number;
  /** Who writes: a live lease of anyone else refuses the write. */
  readonly owner: string;
  /** The lease from now on; absent releases it. */
  readonly lease?: Lease;
  readonly status: CaseStatus;
  /** When the case is to be evaluated again (ms). A closed case is due until its last entry is published. */
  readonly dueAt: number;
  readonly failures: number;
  /** See `StoredCase`; absent clears it. */
  readonly labelsMissingSince?: number;
  /** See `StoredCase`. Only the write that creates the case stores it. */
  readonly earlier?: KnownCalls;
  readonly now: number;
}

/** Cases and publish cursors. Throws STORE_UNAVAILABLE, or CASE_UNREADABLE for an item it cannot trust. */
export interface CaseStore {
  /** What is known of the key's deletions, read consistently. Its size does not grow with the number of generations. */
  history(keyArn: KeyArn): Promise<KeyHistory>;
  /** One case, by its name. */
  read(name: CaseName): Promise<StoredCase | undefined>;
  save(change: CaseChange): Promise<"saved" | "conflict">;
  /** The chains of the key's permits; one that cannot be trusted permits nothing, and is left out. */
  permits(keyArn: KeyArn): Promise<readonly Chain[]>;
  savePermit(change: ChainChange): Promise<"saved" | "conflict">;
  /**
   * `count` entries are published. INVARIANT: the cursor moves forward only. With `closed` the case is due no more, unless
   * someone has added to it meanwhile.
   */
  markPublished(name: CaseName, count: number, closed: boolean): Promise<void>;
  /** Cases that are due at `now` (ms), the longest due first, at most `limit` of each status. */
  due(now: number, limit: number): Promise<readonly DueCase[]>;
  /** How many cases are open: something is still to be done or decided. Eventually consistent. */
  countOpen(): Promise<number>;
  /** Sets the newest case of a key apart because it cannot be read, and changes nothing of what it holds. */
  quarantine(keyArn: KeyArn): Promise<void>;
}

export interface DueCase {
  readonly name: CaseName;
  readonly status: CaseStatus;
}

/** The pauses of the stack. Throws STORE_UNAVAILABLE, or CASE_UNREADABLE for one that cannot be trusted. */
export interface PauseBook {
  /** The chain of the newest one, whatever happened to it. */
  latest(): Promise<Chain | undefined>;
  read(number: number): Promise<Chain | undefined>;
  save(change: ChainChange): Promise<"saved" | "conflict">;
}

/** The chain of a permit that was asked for beforehand. Throws STORE_UNAVAILABLE, or CASE_UNREADABLE for one that cannot be trusted. */
export type ReadPermit = (name: PermitName) => Promise<Chain | undefined>;

/** Publishes that a permit requested before a deletion has changed: its name, and nothing else. Throws BUS_UNAVAILABLE. */
export type NotifyPermitChanged = (name: PermitName) => Promise<void>;

/** Publishes that a pause has changed: its number, and nothing else. Throws BUS_UNAVAILABLE. */
export type NotifyPauseChanged = (pauseNumber: number) => Promise<void>;

/** Our own last observation of every key, taken once a day. Throws STORE_UNAVAILABLE. */
export interface KeyInventory {
  lastSeen(keyArn: KeyArn): Promise<KeySighting | undefined>;
  /** Undefined for a key that the inventory has not seen; `unreadable` where what it holds is damaged. */
  labelsSeen(keyArn: KeyArn): Promise<KeyLabels | "unreadable" | undefined>;
  /** When the last inventory was taken (ms). */
  takenAt(): Promise<number | undefined>;
  /**
   * Replaces the inventory by `keys`, as seen at `at` (ms). A key that is not alive keeps what was last seen of it. Returns the keys that are
   * certain to be new.
   */
  take(keys: readonly InventoriedKey[], at: number): Promise<ReadonlySet<KeyArn>>;
}

/** A key as ListKeys shows it. */
export interface InventoriedKey extends KnownKey {
  readonly alive: boolean;
  readonly pending: boolean;
  readonly enabled: boolean;
}

/** What the rest of the world hears. Throws BUS_UNAVAILABLE when an entry was not taken. */
export interface CaseBus {
  publish(keyArn: KeyArn, generation: number, entries: readonly Entry[]): Promise<void>;
  /** An effect that the store could not record before it was tried: the bus is then its only record. */
  announceUnrecorded(keyArn: KeyArn, entries: readonly Entry[]): Promise<void>;
}

/** Asks the guard to re-evaluate a case that something was added to: its name, and nothing else. Throws BUS_UNAVAILABLE. */
export type ReEvaluate = (name: CaseName) => Promise<void>;

export type Log = (code: LogCode, fields: Readonly<Record<string, unknown>>) => void;
