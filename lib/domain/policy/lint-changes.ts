import { operationNamed } from "../operations/registry.ts";
import { isUndoing } from "./change-outcome.ts";
import type { PolicyFault } from "./fault.ts";
import { matchesGlob } from "./match/glob.ts";
import { type ChangeRule, changeRules, operationsOf } from "./rule-kinds.ts";
import type { PolicyDocument, RuleDocument } from "./schema.ts";

/** Returns the rules about other operations whose outcome is weaker than without them, or than that of a later rule. */
export function weakeningChanges(policy: PolicyDocument): ReadonlySet<RuleDocument> {
  const reverted = new Set<string>();
  const weakening = new Set<RuleDocument>();
  for (const { rule } of changeRules(policy).toReversed()) {
    const names = operationsOf(rule);
    if (isUndoing(rule.then)) for (const name of names) reverted.add(name);
    else if (rule.then === "allow" || names.some((name) => reverted.has(name))) weakening.add(rule);
  }
  return weakening;
}

/** Returns a doubt for every rule about other operations that does less than it says, or is open to anyone. */
export function lintChanges(policy: PolicyDocument): readonly PolicyFault[] {
  return changeRules(policy).flatMap(({ rule, n }) => [
    ...revertsNothing(rule).map((message) => ({ path: ["rules", n, "then"], message })),
    ...(rule.then === "allow" && !namesRequester(rule) ? [{ path: ["rules", n, "when"], message: openToAnyone }] : []),
  ]);
}

const openToAnyone =
  "allows it for anyone who may make the call, and nobody is notified; name the requester, or use notify";

function namesRequester({ when: { requester = {} } }: ChangeRule): boolean {
  const { role, roleId, user, person, permissionSet } = requester;
  return [role, roleId, user, person, permissionSet].some((names) => names !== undefined);
}

/** A revert leads back to a state that the inventory knew, from one that the record tells. */
function revertsNothing(rule: ChangeRule): readonly string[] {
  if (!isUndoing(rule.then)) return [];
  return operationsOf(rule).flatMap((name) => {
    const unable = operationNamed(name)?.revert?.unable ?? {};
    const hopeless = Object.entries(rule.when.change ?? {}).filter(([condition, values]) =>
      values.every((value) => unable[condition]?.some((pattern) => matchesGlob(pattern, value))),
    );
    return hopeless.map(
      ([condition, values]) =>
        `nothing can be undone of \`${name}\` where \`change.${condition}\` is ${values.join(" or ")}: people are notified, and the change stands`,
    );
  });
}
