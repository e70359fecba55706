import type { FunctionName } from "../../scripts/bundle.ts";
import type { Fate, Port } from "./fate.ts";
import type { SecretName } from "./services.ts";

export type PersonName = "alice" | "bob" | "carol" | "mallory" | "reaper";
export type KeyKind = "card" | "pin" | "derivation" | "test";
export type PolicyName = "base" | "lenient" | "strict" | "sealed";
/**
 * What happens to the event of a deletion on its way to the guard: CloudTrail takes some minutes, but for `at-once`. `forged`: one that names the reaper comes as well, before or
 * after; `framed`: one that names Bob; `replaced`: one that names the reaper comes alone.
 */
export type EventFate = "at-once" | "on-time" | "late" | "lost" | "doubled" | "forged" | "framed" | "replaced";

/** Whether the guard learns of the deletion, and of nothing else. */
export function isPlainEvent(event: EventFate): boolean {
  return event === "at-once" || event === "on-time" || event === "doubled";
}

export interface PolicyState {
  readonly policy: PolicyName;
  readonly mode: "observe" | "enforce";
}

/**
 * A change other than a deletion. `stop`: someone stops the key, Mallory unless the act names another. `rotate`: the nightly job points its alias at a
 * new key that does the same work, as the policy allows. `misroute`: Mallory points its alias at a key of another kind. `switch`: someone, Alice unless
 * the act names another, points the alias that the key had at first at a spare key of its kind, or back at the key.
 */
export type ChangeOfKey = "stop" | "rotate" | "misroute" | "switch";

/** An operation other than a deletion about which people decide. */
export type DecidedOperation = "alias" | "stop";

/** One thing that people do, `at` ms after the beginning. Each can be taken out of a plan without harm to the others. */
export type Act = { readonly at: number } & (
  | {
      readonly do: "delete";
      readonly key: number;
      readonly by: PersonName;
      readonly days: number;
      readonly event: EventFate;
    }
  /** Deletes `count` keys from `key` on, five a second. */
  | {
      readonly do: "delete-many";
      readonly key: number;
      readonly count: number;
      readonly by: PersonName;
      readonly days: number;
    }
  /** Calls DeleteKey `count` times without success, five times a second. CloudTrail's history has the calls, the bus has none. */
  | { readonly do: "delete-in-vain"; readonly key: number; readonly count: number; readonly by: PersonName }
  /** Carol does it, unless the act names another of those who may stop keys. */
  | { readonly do: "restore" | "stop-usage"; readonly key: number; readonly by?: PersonName }
  /** See `ChangeOfKey`. `to`: of a switch, the number of the spare key, or the key itself. */
  | {
      readonly do: "change";
      readonly key: number;
      readonly change: ChangeOfKey;
      readonly by?: PersonName;
      readonly to?: number | "back";
    }
  /**
   * Requests a permit for a change of the key or its alias by `holder`, or decides about one: the newest of those that were requested (`plan`), or the
   * newest about which the stack asked (`question`). `to`: the spare key that the alias may come to name.
   */
  | {
      readonly do: "permit-change";
      readonly key: number;
      readonly operation: DecidedOperation;
      readonly by: PersonName;
      readonly step: "request" | "approve" | "refuse";
      readonly kind: "question" | "plan";
      readonly via: "slack" | "proof";
      readonly holder?: PersonName;
      readonly to?: number;
    }
  /** Requests that a key is started again: because of its newest stop, of the one before, or of the newest deletion that was undone. */
  | {
      readonly do: "start";
      readonly key: number;
      readonly by: PersonName;
      readonly kind: "stop" | "stop-before" | "case";
      readonly via: "slack" | "proof";
    }
  /** Mallory gives a key the labels of another kind: the tag, and one alias, which is new, in the place of its own. */
  | { readonly do: "relabel"; readonly key: number; readonly as: "test" | "prod" }
  /** Mallory gives a key a resource policy that denies the guard and the sweep one of the calls of a restore, or all of them. */
  | { readonly do: "lock-out"; readonly key: number; readonly call: "*" | "GetKey" | "RestoreKey" | "StartKeyUsage" }
  /** The archive of EventBridge delivers the newest record of the key's deletion once more. */
  | { readonly do: "replay"; readonly key: number }
  /** The service takes so many calls a second, of all callers together; null lifts the limit. */
  | { readonly do: "limit"; readonly callsPerSecond: number | null }
  | {
      readonly do: "vote";
      readonly key: number;
      readonly by: PersonName;
      readonly choice: "keep" | "approve";
      readonly via: "slack" | "proof";
    }
  | {
      readonly do: "permit";
      readonly key: number;
      readonly by: PersonName;
      readonly step: "request" | "approve" | "revoke";
      /** The rule that a request names, if not the one of PIN keys. */
      readonly rule?: string;
    }
  | { readonly do: "pause"; readonly by: PersonName; readonly forMs: number | "end" }
  | ({ readonly do: "deploy" } & PolicyState)
  | { readonly do: "rotate"; readonly secret: SecretName }
  | { readonly do: "crash"; readonly function: FunctionName }
);

/** Calls to one service fail in one way, for a while or, with `forMs: null`, forever. Times in ms after the beginning. */
export interface FaultWindow {
  readonly from: number;
  readonly forMs: number | null;
  readonly port: Port;
  readonly calls: "read" | "write" | "all";
  readonly fate: Fate;
  /** Which part of the calls, 0 to 1. */
  readonly share: number;
  /** Only calls of this function. */
  readonly function?: FunctionName;
  /** Only this operation of the service. */
  readonly operation?: string;
}

/** Everything that happens in one run, as data: a plan is stored, shrunk and replayed. */
export interface Plan extends PolicyState {
  /** For what no plan says: latencies, ties, ids. */
  readonly seed: number;
  readonly keys: readonly KeyKind[];
  /** Keys and callers carry values at the bounds of the API model. */
  readonly hostile: boolean;
  readonly sweepEveryMs: number;
  /** Faults of single requests, until the calm. */
  readonly noise: { readonly rate: number; readonly fates: readonly Fate[] };
  /** How far (ms) clocks of environments may be ahead; each cold start draws one. */
  readonly skewsMs: readonly number[];
  /** How long (ms) the index of the table takes at most. */
  readonly indexLagMs: number;
  /** How long (ms) CloudTrail's history takes. */
  readonly historyLagMs: number;
  /** Whether DeleteKey stops a key's usage at once: AWS's own examples differ. Absent for yes. */
  readonly deletionDisablesKey?: boolean;
  /** Whether the service leaves out of its answers what the API model does not require: check value, origin, exportability. Absent for no. */
  readonly sparseKeys?: boolean;
  readonly acts: readonly Act[];
  readonly faults: readonly FaultWindow[];
  /** Ends the run (ms after the beginning) before anything has come to rest. */
  readonly endsAfterMs?: number;
}

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

/** When the calm begins (ms after the beginning): only what lasts forever still fails. */
export const calmFrom = 26 * hour;

/** Whether a window is open at a time (ms after the beginning). */
export function isOpen({ from, forMs }: FaultWindow, at: number): boolean {
  return at >= from && (forMs === null || at < from + forMs);
}
