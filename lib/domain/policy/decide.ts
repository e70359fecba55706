import type { Decision, Effect, Facts, LazyFact, PolicyVerdict } from "./decision.ts";
import type { Policy, Rule } from "./policy.ts";
import { compareStrictness } from "./strictness.ts";

/** What one rule says of some facts: it matches, it stays open, or the name of the condition by which it fails. */
type Match = { readonly kind: "yes" } | OpenMatch | string;

interface OpenMatch {
  readonly kind: "open";
  readonly missing: readonly LazyFact[];
  readonly contested: boolean;
  readonly failed: string;
}

/** A rule that may decide or not, as a decision of its own. */
interface OpenRule {
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
    open.push({ match, effect, decision: () => ({ effect, rule: id, passedOver: passedOver.slice(0, before) }) });
    passedOver.push({ rule: id, failed: match.failed });
  }
  // A loop and no recursion: an unknown requester may leave thousands of rules open.
  return open.reduceRight(orElse, { kind: "decided", decision: { ...last, passedOver } });
}

/** A thousand rules are asked, and nearly all fail by their first conditions: nothing is made before one is left open. */
function matchOf({ conditions }: Rule, facts: Facts): Match {
  let open: { missing: Set<LazyFact>; unread?: string; contested?: string } | undefined;
  for (const { name, needs, test } of conditions) {
    if (needs !== undefined && facts[needs] === undefined) {
      open ??= { missing: new Set() };
      open.missing.add(needs);
      open.unread ??= name;
      continue;
    }
    const answer = test(facts);
    if (answer === "no") return name;
    if (answer === "yes") continue;
    open ??= { missing: new Set() };
    open.contested ??= name;
  }
  if (open === undefined) return { kind: "yes" };
  const { contested, unread, missing } = open;
  const failed = contested === undefined ? `${unread} (not read)` : `${contested} (contested)`;
  return { kind: "open", missing: [...missing], contested: contested !== undefined, failed };
}

/**
 * The verdict with one more open rule before `rest`. Asks only for what the first undecided rule reads: tags and aliases cost a
 * call each, out of a quota shared with the customer, and once they are known the rules below often need nothing.
 */
function orElse(fallback: PolicyVerdict, { match: { missing, contested }, effect, decision }: OpenRule): PolicyVerdict {
  const certain = fallback.kind === "decided" ? fallback.decision : fallback.regardless;
  if (contested && !mayWin(effect, certain?.effect)) return fallback;
  const [fact, ...others] = missing;
  if (fact !== undefined) {
    const regardless = certain !== undefined && sameEffect(certain.effect, effect) && { regardless: certain };
    return { kind: "needs", facts: [fact, ...others], ...regardless };
  }
  if (fallback.kind === "decided") return { kind: "decided", decision: decision() };
  return certain !== undefined || isStrictest(effect) ? { ...fallback, regardless: decision() } : fallback;
}

/** Whether a contested rule could protect the key more than what follows it. */
function mayWin(effect: Effect, certain: Effect | undefined): boolean {
  return certain === undefined ? effect.outcome !== "allow" : compareStrictness(effect, certain) > 0;
}

function isStrictest(effect: Effect): boolean {
  return effect.outcome === "restore" && effect.usage === "resume";
}

function sameEffect(a: Effect, b: Effect): boolean {
  const sameGroup = a.outcome !== "ask" || b.outcome !== "ask" || a.approval.from === b.approval.from;
  return sameGroup && compareStrictness(a, b) === 0;
}
