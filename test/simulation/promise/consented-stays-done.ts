import type { Deletion } from "../chronicle.ts";
import type { Port } from "../fate.ts";
import { day, hour, isPlainEvent, minute } from "../plan.ts";
import { meaningOf } from "../policies.ts";
import { peopleAllow } from "./consent.ts";
import type { Evidence, Promised } from "./promise.ts";

/** Services whose failure says nothing about who deleted a key, nor whether that is allowed. */
const silent: readonly Port[] = ["store", "bus", "topic", "archive", "signing", "sts", "slack", "secrets"];
/** Labels are waited for so long (ms). */
const labelWaitMs = minute;

/**
 * A deletion that the policy in force or a permit allows is not undone, where no record is missing, forged or doubtful. What
 * cannot be recorded is undone in the last moments: see `isLate`.
 */
export const consentedStaysDone: Promised = (evidence) => {
  const { chronicle, plan } = evidence;
  const isSkewed = plan.skewsMs.some((skew) => skew !== 0) || plan.noise.rate > 0;
  if (isSkewed || !plan.faults.every(isHarmless)) return [];
  return chronicle.effects.flatMap(({ key, at, operation }) => {
    const deletion = chronicle.deletionsOf(key).findLast((each) => each.at < at);
    if (operation !== "RestoreKey" || deletion === undefined || isDoubtful(evidence, deletion, at)) return [];
    return isAllowedThroughout(evidence, deletion, at) || isPermitted(evidence, deletion)
      ? [`UNDONE: the allowed deletion of key ${key} was undone`]
      : [];
  });
};

function isHarmless({ port, calls, forMs, operation = "", fate }: Evidence["plan"]["faults"][number]): boolean {
  if (/crash/.test(fate) || forMs === null) return false;
  const isBrief = forMs < labelWaitMs;
  const isBriefOfLabels = /^List(Tags|Aliases)/.test(operation) && isBrief;
  // The age of labels lies in the store: while it cannot be read, they count as new.
  const hidesAges = port === "store" && calls !== "write" && !isBrief;
  return (silent.includes(port) && !hidesAges) || isBriefOfLabels;
}

function isDoubtful({ chronicle, plan }: Evidence, { key, at, days }: Deletion, undoneAt: number): boolean {
  const own = chronicle.deletionsOf(key);
  const isPlain = own.every(({ event }) => isPlainEvent(event));
  const kept = chronicle.statements.some(
    (each) => each.key === key && /keep|revoke/.test(each.says) && each.heard !== "refused",
  );
  const isLate = undoneAt > at + days * day - 50 * hour && plan.faults.length > 0;
  const isRepeated = own.some((each) => each.at !== at && Math.abs(each.at - at) < hour);
  return !isPlain || kept || isLate || isRepeated;
}

/** Whether the policy in force has allowed the deletion for long enough to be looked at, and none before wanted the key back at once. */
function isAllowedThroughout({ chronicle, plan }: Evidence, { key, at, by, days }: Deletion, until: number): boolean {
  const kind = chronicle.kinds[key] ?? "card";
  const policies = chronicle.policiesIn(at, until);
  const meanings = policies.map(({ policy }) => meaningOf(policy, kind, by, days, chronicle.isRelabeled(key, until)));
  // Nothing is undone while the policy observes; what it allowed all the time is asked about once it enforces, and stays.
  const enforced = policies.at(-1)?.mode === "enforce";
  const recent = chronicle.policiesIn(until - 2 * plan.sweepEveryMs - hour, until);
  const isRecent = new Set(recent.map(({ policy }) => policy)).size > 1;
  const mayWait = meanings.every((each) => each === "allow" || (each === "ask" && kind === "derivation"));
  return enforced && !isRecent && mayWait && meanings.at(-1) === "allow";
}

/** Whether enough people gave a planned permit before the deletion, which no earlier one used. */
function isPermitted(evidence: Evidence, deletion: Deletion): boolean {
  const { key, at, days } = deletion;
  const { statements } = evidence.chronicle;
  const isPlanned = statements.every(
    (each) => each.key !== key || (/request|permit/.test(each.says) && each.heard === "accepted"),
  );
  const isFirst = evidence.chronicle.deletionsOf(key)[0] === deletion;
  const { policies } = evidence.chronicle;
  if (policies.length !== 1 || policies[0]?.mode !== "enforce" || policies[0].policy === "strict") return false;
  return isPlanned && isFirst && days >= 3 && peopleAllow(evidence, deletion, at - minute);
}
