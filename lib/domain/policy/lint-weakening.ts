import { defaultEffect, effectOf } from "./effect.ts";
import type { PolicyFault } from "./fault.ts";
import { weakeningChanges } from "./lint-changes.ts";
import { idleConditions } from "./lint-conditions.ts";
import { deletionRules } from "./rule-kinds.ts";
import type { PolicyDocument, RuleDocument } from "./schema.ts";
import { isWeakerInAnything } from "./strictness.ts";

/**
 * Returns a doubt for every condition that narrows nothing, or less than it seems to, in a rule whose outcome is weaker than a later one's:
 * readers of the rule rely on it.
 */
export function lintWeakening(policy: PolicyDocument): readonly PolicyFault[] {
  const weakening = new Set([...weakeningRules(policy), ...weakeningChanges(policy)]);
  const ofRules = policy.rules.flatMap((rule, n) =>
    (weakening.has(rule) ? idleConditions(rule.when) : []).map(([path, message]) => ({
      path: ["rules", n, "when", ...path],
      message,
    })),
  );
  return [...ofRules, ...unpinnedSources(policy)];
}

/** Returns the rules whose outcome is weaker than a later one's. Of a thousand rules few have an effect of their own: each is compared once. */
function weakeningRules(policy: PolicyDocument): ReadonlySet<RuleDocument> {
  const last = defaultEffect(policy);
  const later = new Map([[JSON.stringify(last), last]]);
  const weakening = new Set<RuleDocument>();
  for (const { rule } of deletionRules(policy).toReversed()) {
    const effect = effectOf(rule);
    if ([...later.values()].some((each) => isWeakerInAnything(effect, each))) weakening.add(rule);
    later.set(JSON.stringify(effect), effect);
  }
  return weakening;
}

function unpinnedSources({ trust }: PolicyDocument): readonly PolicyFault[] {
  return trust.sourceIdentityFrom.flatMap((role, n) =>
    role.startsWith("AROA")
      ? []
      : [
          {
            path: ["trust", "sourceIdentityFrom", n],
            message: `a role that is deleted and created again as \`${role}\` could name any person; list its unique id (AROA...)`,
          },
        ],
  );
}
