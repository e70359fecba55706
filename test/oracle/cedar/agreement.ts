import { isDeepStrictEqual } from "node:util";
import { decide } from "../../../lib/domain/policy/decide.ts";
import { effectOf } from "../../../lib/domain/policy/effect.ts";
import { contextOf, decidedByCedar, parsedByCedar } from "./cedar.ts";
import { Random } from "./random.ts";
import { type CompleteFacts, randomFacts } from "./random-facts.ts";
import { policyOf, randomRules } from "./random-policy.ts";

const factsPerPolicy = 50;
const rulesPerPolicy = 12;
const things = 6;

export interface Agreement {
  readonly facts: number;
  /** Facts that left a rule before the deciding one unsettled, so that the harder half of `decide` was asked too. */
  readonly unsettled: number;
  readonly defaults: number;
  /** Facts of which the two say different things. */
  readonly disagreements: readonly { readonly facts: CompleteFacts; readonly ours: unknown; readonly cedar: unknown }[];
}

/** Asks `decide` and Cedar the same of random facts under random policies: rule and effect must be the same. */
export function compareWithCedar(seed: number, count: number): Agreement {
  const random = new Random(seed);
  const disagreements: Agreement["disagreements"][number][] = [];
  let [unsettled, defaults] = [0, 0];
  for (let done = 0; done < count; done += factsPerPolicy) {
    const rules = randomRules(random, rulesPerPolicy, things);
    const policy = policyOf(rules);
    const cedar = parsedByCedar("agreement", rules);
    for (let n = 0; n < factsPerPolicy; n++) {
      const facts = randomFacts(random, things);
      const permitting = cedar.permitting(contextOf(asCedarSees(facts)));
      const theirs = decidedByCedar(rules, permitting);
      const verdict = decide(policy, facts);
      const ours = verdict.kind === "decided" && { rule: verdict.decision.rule, effect: verdict.decision.effect };
      const expected = {
        rule: theirs.rule,
        effect: policy.rules.find(({ id }) => id === theirs.rule)?.effect ?? restore,
      };
      if (!isDeepStrictEqual(ours, expected)) disagreements.push({ facts, ours, cedar: expected });
      if (theirs.rule === "default") defaults += 1;
      if ([...permitting].some((id) => id.endsWith("?") && !permitting.has(id.slice(0, -1)))) unsettled += 1;
    }
  }
  return { facts: Math.ceil(count / factsPerPolicy) * factsPerPolicy, unsettled, defaults, disagreements };
}

/** To Cedar labels that the inventory has not seen are labels that cannot be read. */
function asCedarSees(facts: CompleteFacts): CompleteFacts {
  return facts.labelAge === "not-seen" ? { ...facts, tags: "unreadable", aliases: "unreadable" } : facts;
}

const restore = effectOf({ then: "restore" });
