import { type Directory, personOf } from "../people/directory.ts";
import type { Requester } from "../people/requester.ts";
import type { VoteWay } from "../people/vote.ts";
import type { Approval, Effect, Facts } from "./decision.ts";
import type { Policy } from "./policy.ts";

type Rules = Pick<Policy, "rules" | "default" | "directory">;

/** Those who may have a stopped key started again. */
export interface Starters {
  readonly persons: readonly string[];
  /** The ways in which they have to prove who they are; any, where it is absent. */
  readonly proof?: readonly VoteWay[];
}

/**
 * Returns those who may have a stopped key started again: the approvers of the rule about the stop, or of the first rule about a deletion of the key
 * that asks people, or everyone in the directory; never the person who stopped it. INVARIANT: nobody, where a rule that may be about the key leaves it
 * disabled: a compromised key is started by hand alone. They prove who they are as that rule asks of approvals.
 */
export function usageStarters(
  { rules, default: fallback, directory }: Rules,
  facts: Facts & { readonly requester: { readonly identity: Requester } },
  approval?: Approval,
): Starters {
  const effects = [
    ...rules.filter(({ conditions }) => conditions.every(({ test }) => test(facts) !== "no")),
    { effect: fallback },
  ];
  if (effects.some(({ effect }) => effect.outcome !== "allow" && effect.usage === "leave-disabled"))
    return { persons: [] };
  const { from, proof } = approval ?? effects.flatMap(({ effect }) => askedBy(effect))[0] ?? {};
  const persons = from === undefined ? everyone(directory) : (directory.members.get(from) ?? []);
  const own = personOf(directory, facts.requester.identity);
  return { persons: persons.filter((person) => person !== own), ...(proof !== undefined && { proof }) };
}

function askedBy(effect: Effect): readonly Approval[] {
  return effect.outcome === "ask" ? [effect.approval] : [];
}

/** As many as a decision records at most. */
const maxStarters = 50;

function everyone({ personBySlack, personByUser, personByName }: Directory): readonly string[] {
  const known = [personBySlack, personByUser, personByName].flatMap((persons) => [...persons.values()]);
  return [...new Set(known)].sort().slice(0, maxStarters);
}

/** Returns whether a rule about deletions reads attributes of the key that only GetKey tells. */
export function startersReadKey({ rules }: Pick<Policy, "rules">): boolean {
  return rules.some(({ conditions }) =>
    conditions.some(({ name, label }) => name.startsWith("key.") && name !== "key.arn" && label === undefined),
  );
}

/** Returns whether a rule about deletions reads labels of the key. */
export function startersReadLabels({ rules }: Pick<Policy, "rules">): boolean {
  return rules.some(({ conditions }) => conditions.some(({ label }) => label !== undefined));
}
