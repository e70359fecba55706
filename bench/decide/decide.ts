import { decide as decideOurselves } from "../../lib/domain/policy/decide.ts";
import type { Bench, Effort } from "../bench.ts";
import { Random } from "../random.ts";
import { measured, type Result, type Target } from "../result.ts";
import { compareWithCedar } from "./agreement.ts";
import { contextOf, parsedByCedar } from "./cedar.ts";
import { fresh, inTurns, rateOf } from "./in-turns.ts";
import { longList } from "./long-list.ts";
import { settledFacts } from "./random-facts.ts";
import { listing, policyOf, type RandomRule, randomRules } from "./random-policy.ts";
import { arnOf } from "./vocabulary.ts";

const seed = 8;
const factsInTurn = 64;

const mixed = (count: number) => (random: Random) => randomRules(random, count, count);
const atThousand = { figure: "ratio", atLeast: 100 } as const;
const ruled: readonly Ruled[] = [
  { name: "10 rules of all kinds", rules: mixed(10), things: 10 },
  { name: "100 rules of all kinds", rules: mixed(100), things: 100 },
  {
    name: "1,000 rules of all kinds",
    rules: mixed(1_000),
    things: 1_000,
    target: atThousand,
  },
  { name: "1,000 rules as `reprieve scan` writes them", rules: scannedRules, things: 1_000, target: atThousand },
];

export const decide: Bench = {
  name: "decide",
  title: "Decisions",
  about:
    "Decisions a second on 64 random deletions in turn, by random policies (each rule singles out a key, team or role, and asks for something common besides) and by what `reprieve scan --as-rules` writes, against `@cedar-policy/cedar-wasm` with the same rules as a parsed policy set; first both answer 10,000 random facts under 200 random policies, and must say the same. Facts are at hand as each side reads them. A rule that lists 10,000 key ARNs, against one that lists one, on the same deletions, half of them listed.",
  ifMissed: {
    "1,000 rules of all kinds":
      "A rule of ours that fails costs some 110 ns: 15 of them to go on to the next and note the reason for passing over, the rest for 1.6 conditions, of which an address in a network takes 330 ns (node:net's BlockList), a role 90, a key ARN 15 to 50. Cedar takes some 3 µs a rule and 120 µs to read the request, so that it falls behind by a factor of a hundred only where a rule is short. At 1,000 rules a decision takes us an eighth of a millisecond, beside calls of some tens of milliseconds: an index over all rules would be more code to trust than it is worth.",
    "one rule that lists 10,000 ARNs":
      "Both are one look-up in a Set; with one and the same deletion again and again a decision takes 57 ns either way. With several in turn it takes some 20 ns more, and with 10,000 some 55: not a scan, which would take a thousand times as long, but presumably memory that the processor does not have at hand. That was not looked at further.",
  },
  measure: async (effort) => {
    effort.progress("decide: the same answers as Cedar?");
    const { facts, disagreements } = compareWithCedar(seed, effort.quick ? 1_000 : 10_000);
    const agreement = measured(
      {
        name: `answers unlike Cedar's, of ${facts.toLocaleString("en-US")}`,
        unit: "disagreements",
        target: { figure: "value", atMost: 0 },
      },
      [disagreements.length],
    );
    return [
      agreement,
      ...ruled.map((each) => againstCedar(each, effort)),
      longList("one rule that lists 10,000 ARNs", factsInTurn, effort, 1.2),
      longList("the same, 10,000 deletions in turn", 10_000, effort),
    ];
  },
};

interface Ruled {
  readonly name: string;
  readonly rules: (random: Random) => readonly RandomRule[];
  /** Keys, teams and roles that rules and facts name. */
  readonly things: number;
  readonly target?: Target;
}

function againstCedar({ name, rules: rulesFrom, things, target }: Ruled, { quick, progress }: Effort): Result {
  const random = new Random(seed);
  const rules = fresh(rulesFrom(random));
  const policy = policyOf(rules);
  const facts = fresh(Array.from({ length: factsInTurn }, () => settledFacts(random, things)));
  const cedar = parsedByCedar(name, rules, true);
  const contexts = fresh(facts.map(contextOf));
  const ms = quick ? 50 : 200;
  const ways = [
    () => rateOf(facts, ms, (each) => decideOurselves(policy, each)),
    () => rateOf(contexts, ms, (each) => cedar.permitting(each)),
  ] as const;
  return inTurns({ name, unit: "/s", against: "cedar-wasm", ...(target && { target }) }, ways, quick, progress);
}

/** A key each, which the rule lets go. */
function scannedRules(): readonly RandomRule[] {
  return Array.from({ length: 1_000 }, (_, n) => listing(`rule-${n}`, [arnOf(n)], 0));
}
