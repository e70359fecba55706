import type { Case } from "../../lib/domain/case/case.ts";
import { caseOf } from "../../lib/domain/case/fold.ts";
import { append, type Chain } from "../../lib/domain/ledger/chain.ts";
import type { Decided, DeletionDetected, EntryBody } from "../../lib/domain/ledger/entry.ts";
import { chainBefore } from "./chain-names.ts";
import { day, deletionRequest, keyArn, paymentKey, t0 } from "./key-world.ts";

/** The first entry of a case: a deletion of `t0`, pending for three days. */
export function detection(overrides: Partial<DeletionDetected> = {}): DeletionDetected {
  return {
    kind: "deletion-detected",
    case: { keyArn: keyArn(), generation: 1 },
    source: "event",
    guardVersion: "0.1.0",
    key: paymentKey(),
    deletePendingAt: t0 + 3 * day,
    request: deletionRequest(),
    ...overrides,
  };
}

export function decided(effect: Decided["effect"], overrides: Partial<Decided> = {}): Decided {
  return {
    kind: "decided",
    effect,
    rule: "some-rule",
    passedOver: [],
    mode: "enforce",
    policyHash: "0".repeat(64),
    withRequester: true,
    ...overrides,
  };
}

export const toRestore = decided({ outcome: "restore", usage: "resume" });
export const toLeaveDisabled = decided({ outcome: "restore", usage: "leave-disabled" });
export const toAllow = decided({ outcome: "allow" });
export const toAsk = decided({
  outcome: "ask",
  usage: "resume",
  approval: { from: "custodians", quorum: 2, withinMs: day, meanwhile: "restored", permitForMs: day },
});

/** The state after `bodies`, one second apart, beginning at `t0`. */
export function caseWith(...bodies: readonly EntryBody[]): Case {
  return caseAt(...bodies.map((body, n) => [t0 + n * 1000, body] as const));
}

/** The state after entries that were made at the times given (ms). */
export function caseAt(...entries: readonly (readonly [at: number, body: EntryBody])[]): Case {
  return caseOf(entries.reduce<Chain>((chain, [at, body]) => append(chain, body, at), chainBefore(entries[0]?.[1])));
}
