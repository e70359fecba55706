import type { Deletion } from "../chronicle.ts";
import { day, hour, type PersonName } from "../plan.ts";
import { meaningOf, quorumOf } from "../policies.ts";
import type { Evidence } from "./promise.ts";

const custodians: readonly PersonName[] = ["alice", "bob", "carol"];

/** Whether a policy that was in force while the key was pending lets this requester delete it. */
export function policyAllows({ chronicle }: Evidence, { key, by, days, at }: Deletion, until: number): boolean {
  const kind = chronicle.kinds[key] ?? "card";
  return chronicle.policiesIn(at, until).some(({ policy }) => meaningOf(policy, kind, by, days) === "allow");
}

/**
 * Whether enough custodians, and not the requester, may have allowed it. A statement whose answer was lost may count, so it does here;
 * a Keep ends what was said before, if its answer arrived.
 */
export function peopleAllow({ chronicle }: Evidence, { key, by, at }: Deletion, until: number): boolean {
  const about = chronicle.statements.filter((each) => each.key === key && each.at <= until && each.at > at - 90 * day);
  const kept = about.findLast(({ says, heard }) => says === "keep" && heard === "accepted")?.at ?? 0;
  const inFavour = about.filter((each) => {
    const counts = each.says === "approve" || each.says === "permit";
    return counts && each.heard !== "refused" && each.at >= kept;
  });
  const persons = new Set(inFavour.map((each) => each.by).filter((each) => each !== by && custodians.includes(each)));
  return persons.size >= quorumOf(chronicle.kinds[key] ?? "card");
}

/** When enforcement was last suspended before `at`: by two custodians, for as long as the longer request. 0 for never. */
export function pausedUntil({ chronicle }: Evidence, at: number): number {
  const before = chronicle.pauses.filter((pause) => pause.at <= at);
  const persons = new Set(before.map(({ by }) => by));
  return persons.size < 2 ? 0 : Math.min(at, Math.max(...before.map(({ untilMs }) => untilMs)) + hour);
}
