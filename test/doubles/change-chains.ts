import type { StoredTrail } from "../../cli/trail/stored-trail.ts";
import { append, type Chain, emptyChain } from "../../lib/domain/ledger/chain.ts";
import { changeChainName } from "../../lib/domain/ledger/chain-name.ts";
import { type ChangeName, hourOfChange } from "../../lib/domain/ledger/change-name.ts";
import type { BodyOf, EntryBody, WhyRevertLeft } from "../../lib/domain/ledger/entry.ts";
import { subjectText } from "../../lib/domain/operations/subject.ts";
import { hourMs } from "../../lib/domain/time.ts";
import { alice, keyArn, t0 } from "./key-world.ts";

/** StopKeyUsage of the key of the tests, in the hour of `t0`. */
export const stopName: ChangeName = {
  operation: "stop",
  subject: { kind: "key", keyArn: keyArn() },
  hour: hourOfChange(t0),
};

/** How far (ms) `t0` lies in its hour. */
const sinceHour = t0 % hourMs;

/** A change of `name` by Alice, the `n`th. */
export function changed(
  { operation, subject, hour }: ChangeName,
  n = 1,
  members: Partial<BodyOf<"change-detected">> = {},
): EntryBody {
  return {
    ...({ kind: "change-detected", operation, subject: subjectText(subject), source: "event" } as const),
    ...(subject.kind === "key" && { keyArn: subject.keyArn }),
    ...{ eventId: `e-${n}`, call: "StopKeyUsage", changedAt: hour * hourMs + sinceHour + n * 1000, requester: alice },
    ...{ sourceIp: "203.0.113.64", says: "stopped the key: it cannot be used", guardVersion: "0.1.0" },
    ...members,
  };
}

export function judgedAs(members: Partial<BodyOf<"change-judged">> = {}): EntryBody {
  return {
    ...({ kind: "change-judged", outcome: "notify", rule: "none", weight: "grave", mode: "enforce" } as const),
    ...{ policyHash: "c".repeat(64), ...members },
  };
}

export const byRule = judgedAs({ outcome: "revert", rule: "stops-are-undone" });
export const intended: EntryBody = {
  kind: "revert-intended",
  calls: ["StartKeyUsage"],
  to: { sha256: "a".repeat(64), text: '"enabled"' },
};
export const undone: EntryBody = { kind: "change-reverted", how: "answered", revertedAfterMs: 2_345 };
export const left = (why: WhyRevertLeft, code?: string): EntryBody => ({
  ...({ kind: "revert-left", why, stands: why !== "same-as-before" } as const),
  ...(code !== undefined && { code }),
});

/** The chain `name` with `bodies`, a second apart from `t0` on. */
export function changeChain(name: ChangeName, ...bodies: readonly EntryBody[]): Chain {
  return changeChainAt(t0 + 1000, name, ...bodies);
}

/** The chain `name` with `bodies`, the first at `at` (ms since the epoch), and one each second. */
export function changeChainAt(at: number, name: ChangeName, ...bodies: readonly EntryBody[]): Chain {
  const before = emptyChain(changeChainName(name));
  return bodies.reduce<Chain>((chain, body, n) => append(chain, body, at + n * 1000), before);
}

/** Returns a chain as the table stores it. */
export function trailOf({ name, texts, head }: Chain): StoredTrail {
  return { case: name, texts, head };
}
