import type { Condition } from "./condition.ts";
import type { Decision, Effect, Facts, HeldBack, LazyFact, PolicyVerdict } from "./decision.ts";
import type { LabelDoubt } from "./label-age.ts";
import type { Policy, Rule } from "./policy.ts";
import { compareStrictness, sameEffect } from "./strictness.ts";

/** What one rule says of some facts: it matches, it stays open, or the name of the condition by which it fails. */
type Match = { readonly kind: "yes" } | OpenMatch | string;

interface OpenMatch {
  readonly kind: "open";
  readonly missing: readonly LazyFact[];
  readonly contested: boolean;
  readonly failed: string;
  /** The first condition that is open because of the age of a label, where nothing else is contested. */
  readonly tooNew?: Omit<HeldBack, "rule">;
}

/** A rule that may decide or not, as a decision of its own. */
interface OpenRule {
  readonly id: string;
  readonly match: OpenMatch;
  readonly effect: Effect;
  readonly decision: () => Decision;
}

/**
 * What the policy says of a deletion: a decision, or the names of the facts that are still missing. Ordered rules, the first
 * match decides, `default` otherwise. A contested rule decides only where it protects the key more than what follows it.
 *
 * INVARIANT: no missing, unknown or contested fact ever weakens the outcome.
 */
export function decide(policy: Policy, facts: Facts): PolicyVerdict {
  const passedOver: { rule: string; failed: string }[] = [];
  const open: OpenRule[] = [];
  let last: Pick<Decision, "effect" | "rule"> = { effect: policy.default, rule: "default" };
  for (const rule of policy.rules) {
    const { effect, id } = rule;
    const match = matchOf(rule, facts);
    if (typeof match === "string") {
      passedOver.push({ rule: id, failed: match });
      continue;
    }
    if (match.kind === "yes") {
      last = { effect, rule: id };
      break;
    }
    const before = passedOver.length;
    open.push({ id, match, effect, decision: () => ({ effect, rule: id, passedOver: passedOver.slice(0, before) }) });
    passedOver.push({ rule: id, failed: match.failed });
  }
  // A loop and no recursion: an unknown requester may leave thousands of rules open.
  return open.reduceRight(orElse, { kind: "decided", decision: { ...last, passedOver } });
}

/** A thousand rules are asked, and nearly all fail by their first conditions: nothing is made before one is left open. */
function matchOf({ conditions }: Rule, facts: Facts): Match {
  let open: Opened | undefined;
  for (const condition of conditions) {
    const { name, test } = condition;
    const lacking = lackingFor(condition, facts);
    if (lacking !== undefined) {
      open ??= { missing: new Set() };
      open.missing.add(lacking);
      open.unread ??= name;
    }
    const result = lacking === undefined ? test(facts) : atBest(condition, facts);
    if (result === "no") return name;
    if (result === "yes") continue;
    open ??= { missing: new Set() };
    if (result === "contested") open.contested ??= name;
    else open.tooNew ??= { condition: name, why: result };
  }
  return open === undefined ? { kind: "yes" } : openMatch(open);
}

interface Opened {
  readonly missing: Set<LazyFact>;
  unread?: string;
  contested?: string;
  tooNew?: Omit<HeldBack, "rule">;
}

/** The fact that has to be fetched before `condition` can be tested. */
function lackingFor({ needs, label }: Condition, facts: Facts): LazyFact | undefined {
  if (label !== undefined && facts.labelAge === undefined) return "labelAge";
  return needs === undefined || facts[needs] !== undefined ? undefined : needs;
}

/** What `condition` could be once its fact is read. A label that the inventory has not seen for long settles nothing, whatever it is. */
function atBest({ label }: Condition, facts: Facts): "yes" | LabelDoubt {
  return (facts.labelAge === undefined ? undefined : label?.doubt(facts)) ?? "yes";
}

function openMatch({ missing, unread, contested, tooNew }: Opened): OpenMatch {
  const failed =
    contested !== undefined
      ? `${contested} (contested)`
      : tooNew !== undefined
        ? `${tooNew.condition} (${tooNew.why})`
        : `${unread} (not read)`;
  return {
    ...{ kind: "open", missing: [...missing], contested: contested !== undefined || tooNew !== undefined, failed },
    ...(contested === undefined && tooNew !== undefined && { tooNew }),
  };
}

/**
 * The verdict with one more open rule before `rest`. Asks only for what the first undecided rule reads: tags and aliases cost a
 * call each, out of a quota shared with the customer, and once they are known the rules below often need nothing.
 */
function orElse(fallback: PolicyVerdict, open: OpenRule): PolicyVerdict {
  const { match, effect, decision } = open;
  const { missing, contested } = match;
  const certain = fallback.kind === "decided" ? fallback.decision : fallback.regardless;
  if (contested && !mayWin(effect, certain?.effect)) return withHeldBack(fallback, open);
  const [fact, ...others] = missing;
  if (fact !== undefined) {
    const regardless = certain !== undefined && sameEffect(certain.effect, effect) && { regardless: certain };
    return { kind: "needs", facts: [fact, ...others], ...regardless };
  }
  if (fallback.kind === "decided") return { kind: "decided", decision: decision() };
  return certain !== undefined || isStrictest(effect) ? { ...fallback, regardless: decision() } : fallback;
}

/** `fallback`, with `open` as the rule that was held back if its labels are too new and it is weaker. */
function withHeldBack(fallback: PolicyVerdict, { id, match: { tooNew }, effect }: OpenRule): PolicyVerdict {
  if (fallback.kind !== "decided" || tooNew === undefined) return fallback;
  if (compareStrictness(effect, fallback.decision.effect) >= 0) return fallback;
  return { kind: "decided", decision: { ...fallback.decision, heldBack: { rule: id, ...tooNew } } };
}

/** Whether a contested rule could protect the key more than what follows it. */
function mayWin(effect: Effect, certain: Effect | undefined): boolean {
  return certain === undefined ? effect.outcome !== "allow" : compareStrictness(effect, certain) > 0;
}

function isStrictest(effect: Effect): boolean {
  return effect.outcome === "restore" && effect.usage === "resume";
}
