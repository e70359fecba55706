import type { Deletion, Statement } from "../chronicle.ts";
import { day, hour, type PolicyName } from "../plan.ts";
import { custodians, meaningOf, quorumOf } from "../policies.ts";
import type { Evidence } from "./promise.ts";

/** How long (ms) a permit may be used. */
const permitMs = 90 * day;

/** Whether a policy that was in force while the key was pending lets this requester delete it. */
export function policyAllows({ chronicle }: Evidence, { key, by, days, at }: Deletion, until: number): boolean {
  const kind = chronicle.kinds[key] ?? "card";
  // Labels that are changed while the key is pending may have counted before.
  const isRelabeled = chronicle.isRelabeled(key, at);
  const means = (policy: PolicyName) => meaningOf(policy, kind, by, days, isRelabeled);
  return chronicle.policiesIn(at, until).some(({ policy }) => means(policy) === "allow");
}

/**
 * Whether enough custodians, and not the requester, may have allowed exactly this deletion, or gave a permit for it. A statement whose
 * answer was lost may count, so it does here; a Keep ends what was said before, and a revocation the permit, if its answer arrived.
 */
export function peopleAllow(evidence: Evidence, deletion: Deletion, until: number): boolean {
  const { chronicle } = evidence;
  const { key, by } = deletion;
  const about = chronicle.statements.filter((each) => each.key === key && each.at <= until);
  const kept = about.findLast(({ says, heard }) => says === "keep" && heard === "accepted")?.at ?? 0;
  const revoked = revokedAt(about);
  const inFavour = about.filter((each) => {
    const counts = each.at >= kept && (each.says !== "permit" || each.at > revoked);
    return each.heard !== "refused" && counts && speaksFor(evidence, each, deletion);
  });
  const persons = new Set(inFavour.map((each) => each.by).filter((each) => each !== by && custodians.includes(each)));
  return persons.size >= quorumOf(chronicle.kinds[key] ?? "card");
}

/** When the permit of a key was taken back. Which of several it was is in no answer. A permit that was used cannot be taken back. */
function revokedAt(about: readonly Statement[]): number {
  if (about.filter(({ says }) => says === "request").length !== 1) return 0;
  return about.findLast(({ says, heard }) => says === "revoke" && heard === "accepted")?.at ?? 0;
}

/**
 * Approvals speak for the deletion that was pending, and as a permit for later ones by the person whom the message named; planned
 * permits are Alice's. A key may be deleted by two people within a moment, and the message name the first.
 */
function speaksFor({ chronicle }: Evidence, { says, at, key, about }: Statement, deletion: Deletion): boolean {
  if (says === "permit") return deletion.by === "alice" && at > deletion.at - permitMs;
  if (says !== "approve") return false;
  const before = chronicle.deletionsOf(key).filter((each) => each.at <= at);
  const approved = before.at(-1);
  if (approved === deletion) return true;
  // A forged record makes nobody a requester: the person named has to have deleted the key.
  const named = before.some(({ by }) => by === about) ? about : approved?.by;
  return named === deletion.by && at > deletion.at - permitMs && at <= deletion.at;
}

/** When enforcement was last suspended before `at`: by two custodians, for as long as the longer request. 0 for never. */
export function pausedUntil({ chronicle }: Evidence, at: number): number {
  const before = chronicle.pauses.filter((pause) => pause.at <= at);
  const persons = new Set(before.map(({ by }) => by));
  return persons.size < 2 ? 0 : Math.min(at, Math.max(...before.map(({ untilMs }) => untilMs)) + hour);
}

/** Whether policy or people let the deletion stand. */
export function isAllowed(evidence: Evidence, deletion: Deletion, until: number): boolean {
  return policyAllows(evidence, deletion, until) || peopleAllow(evidence, deletion, until);
}
