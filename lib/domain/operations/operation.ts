import type { PaymentKey } from "../key/payment-key.ts";
import type { Call, Members } from "./call.ts";
import type { ConditionValues } from "./condition-values.ts";
import type { State } from "./state.ts";
import type { Subject } from "./subject.ts";

/** One way in which people change a payment key, its name or the account it lies in. Everything that only this way needs is in one folder. */
export interface Operation {
  /** As `when.operation` of the policy has it: a-z and -. */
  readonly name: string;
  /** The calls that are this operation, by the names that CloudTrail gives them. */
  readonly calls: readonly string[];
  /** Service events that are, beside the calls. */
  readonly serviceEvents?: readonly string[];
  /** Returns what a successful call changed, or undefined where its record does not say. Never throws. */
  readonly read: (call: Call) => ReadChange | undefined;
  /** What a rule may ask for under `when.change`: the names that `facts` may give, with their values. */
  readonly conditions: Readonly<Record<string, ConditionValues>>;
  /** It changes a setting of the account: there is no key that a rule could be about. */
  readonly ofAccount?: true;
  /** Returns what the policy may read of the change, each with its values. */
  readonly facts: (seen: SeenChange) => ChangeFacts;
  /** Returns the other keys that `facts` has to know, by name: ARNs or aliases. */
  readonly related?: (seen: Pick<SeenChange, "change" | "before" | "after">) => Readonly<Record<string, string>>;
  /** Whether `facts`, `weight` or `says` read the key that was changed. */
  readonly needsKey?: true;
  /** How much a change matters where no rule decides. */
  readonly weight: (seen: SeenChange) => Weight;
  /** Returns what happened, as a sentence without its subject: `stopped the key`. */
  readonly says: (seen: SeenChange) => string;
  /** It stops a key, which people may have started again. */
  readonly startable?: true;
  /** How the operation is undone; absent where it cannot be. */
  readonly revert?: Revert;
  /** How a change of which no event told is known to be this operation; absent where states do not show it. */
  readonly inferred?: Inferred;
}

export interface Inferred {
  /** Names the state in the inventory, as `Revert` does. */
  readonly aspect: string;
  /** Returns the call that leads from one state to another, or undefined where another operation does. */
  readonly call: (before: State, now: State) => InferredCall | undefined;
}

/** A call that nobody saw. */
export interface InferredCall {
  /** `eventName`. */
  readonly name: string;
  readonly details?: NonNullable<ReadChange["details"]>;
}

/** What a record says of a change. */
export interface ReadChange {
  readonly subject: Subject | { readonly kind: "key-of-alias"; readonly alias: string };
  /** The state after the change, where the record tells it. */
  readonly after?: State;
  /** Where the record tells only what was added or taken: returns the state after the change, from that before it. */
  readonly afterFrom?: (before: State) => State | undefined;
  /** What else `facts` and `says` read: texts by name. */
  readonly details?: Readonly<Record<string, readonly string[]>>;
}

/** A change, with what is known around it. */
export interface SeenChange {
  readonly change: ReadChange;
  /** `eventName` of the call. */
  readonly call: string;
  /** When the call was made, ms since the epoch. */
  readonly at: number;
  /** The state before the change, where the inventory knows it. */
  readonly before?: State;
  /** The state after it, as its record tells. */
  readonly after?: State;
  /** The key that was changed, or to which the alias pointed before. */
  readonly key?: PaymentKey;
  readonly related: Readonly<Partial<Record<string, PaymentKey>>>;
  /** Whether the policy would decide otherwise about the key's deletion than before, where that was compared. */
  readonly decidesOtherwise?: boolean;
}

export type ChangeFacts = Readonly<Partial<Record<string, readonly string[]>>>;

/** `routine`: recorded. `notable`: people are notified. `grave`: they are alarmed. */
export type Weight = "routine" | "notable" | "grave";

/** One call of the control plane, with the input of AWS's API model. */
export interface ApiCall {
  readonly call: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What a call showed: its answer, or the name of the service's error. */
export type Shown = { readonly answer: Members } | { readonly error: string };

export interface Revert {
  /** Names the state in the inventory: operations that change the same thing share it. */
  readonly aspect: string;
  /** The call that shows the state. */
  readonly look: (subject: Subject) => ApiCall | undefined;
  /** Returns the state in what `look` showed, or undefined where it is not understood. */
  readonly stateIn: (shown: Shown) => State | undefined;
  /** Returns the calls that lead from `now` back to `before`, or undefined where none do. */
  readonly back: (subject: Subject, before: State, now: State) => readonly ApiCall[] | undefined;
  /** Whether the state before still does any good, where that is not certain. */
  readonly isOfUse?: (seen: Pick<SeenChange, "related">) => boolean;
  /** Returns the states that the calls of `back` pass through: a throttled call leaves the subject in one of them. */
  readonly onTheWay?: (before: State, after: State) => readonly State[];
  /** Values of conditions, as patterns, under which nothing can be undone: no state before is known, or no call leads back. */
  readonly unable?: Readonly<Partial<Record<string, readonly string[]>>>;
}
