import { decide as decideOurselves } from "../../lib/domain/decide.ts";
import type { Facts } from "../../lib/domain/decision.ts";
import type { Policy } from "../../lib/domain/policy.ts";
import type { Bench, Effort } from "../bench.ts";
import { Random } from "../random.ts";
import { compared, measured, type Result, type Target } from "../result.ts";
import { compareWithCedar } from "./agreement.ts";
import { contextOf, parsedByCedar } from "./cedar.ts";
import { randomFacts, settledFacts } from "./random-facts.ts";
import { effects, policyOf, type RandomRule, randomRules } from "./random-policy.ts";
import { arnOf } from "./vocabulary.ts";

const seed = 8;
const factsInTurn = 64;
const listLength = 10_000;

const mixed = (count: number) => (random: Random) => randomRules(random, count, count);
const atThousand = { of: "ratio", atLeast: 100 } as const;
const ruled: readonly Ruled[] = [
  { name: "10 rules of all kinds", rules: mixed(10), things: 10 },
  { name: "100 rules of all kinds", rules: mixed(100), things: 100 },
  {
    name: "1,000 rules of all kinds",
    rules: mixed(1_000),
    things: 1_000,
    target: { ...atThousand, ifMissed: manyKinds() },
  },
  { name: "1,000 rules as `reprieve scan` writes them", rules: scannedRules, things: 1_000, target: atThousand },
];

export const decide: Bench = {
  name: "decide",
  title: "Decisions",
  about:
    "Decisions a second on 64 random deletions in turn, by random policies (each rule singles out a key, team or role, and asks for something common besides) and by what `reprieve scan --as-rules` writes, against `@cedar-policy/cedar-wasm` with the same rules as a parsed policy set; first both answer 10,000 random facts under 200 random policies, and must say the same. Facts are at hand as each side reads them. A rule that lists 10,000 key ARNs, against one that lists one, on the same deletions, half of them listed.",
  measure: async (effort) => {
    effort.progress("decide: the same answers as Cedar?");
    const { facts, disagreements } = compareWithCedar(seed, effort.quick ? 1_000 : 10_000);
    const agreement = measured(
      {
        name: `answers unlike Cedar's, of ${facts.toLocaleString("en-US")}`,
        unit: "disagreements",
        target: { of: "value", atMost: 0 },
      },
      [disagreements.length],
    );
    return [
      agreement,
      ...ruled.map((each) => againstCedar(each, effort)),
      longList("one rule that lists 10,000 ARNs", factsInTurn, effort, 1.2),
      longList("the same, 10,000 deletions in turn", listLength, effort),
    ];
  },
};

interface Ruled {
  readonly name: string;
  readonly rules: (random: Random) => readonly RandomRule[];
  /** Keys, teams and roles that rules and facts speak of. */
  readonly things: number;
  readonly target?: Target;
}

function againstCedar({ name, rules: rulesFrom, things, target }: Ruled, { quick, progress }: Effort): Result {
  const random = new Random(seed);
  // As a bundle and an event bring them: no string is shared, none is still in pieces.
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

function fresh<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}

/** What 10,000 listed ARNs cost, as a multiple of what one costs: the time of a decision, not how many there are in a second. */
function longList(name: string, deletions: number, { quick, progress }: Effort, atMost?: number): Result {
  const random = new Random(seed);
  const arns = Array.from({ length: deletions }, (_, n) =>
    arnOf(n % 2 === 0 ? random.below(listLength) : listLength + n),
  );
  const [many, one] = [listing(Array.from({ length: listLength }, (_, n) => arnOf(n))), listing([arnOf(0)])];
  const facts = fresh(arns.map((arn) => factsOf(arn)));
  const ofOne = fresh(arns.map((arn, n) => factsOf(n % 2 === 0 ? arnOf(0) : arn)));
  const cost = (policy: Policy, of: readonly Facts[]) =>
    1e6 / rateOf(of, quick ? 20 : 100, (each) => decideOurselves(policy, each));
  const ways = [() => cost(many, facts), () => cost(one, ofOne)] as const;
  const target = atMost !== undefined && { target: { of: "ratio", atMost, ifMissed: farAway } as const };
  return inTurns({ name, unit: "us", against: "lists one", ...target }, ways, quick, progress);
}

/** A key each, which the rule lets go. */
function scannedRules(): readonly RandomRule[] {
  return Array.from({ length: 1_000 }, (_, n) => listed(`rule-${n}`, [arnOf(n)], 0));
}

const farAway =
  "Both are one look-up in a Set, and a decision on the same few deletions costs the same. What differs is memory: 10,000 ARNs take more than a megabyte, and a look-up that goes where none went lately waits for the second cache, some 30 ns of a decision of 80.";

function manyKinds(): string {
  return "A rule of ours that fails costs some 110 ns: 15 of them to go on to the next and note the reason for passing over, the rest for 1.6 conditions, of which an address in a network takes 330 ns (node:net's BlockList), a role 90, a key ARN 15 to 50. Cedar takes some 3 µs a rule and 120 µs to read the request, so that it falls behind by a factor of a hundred only where a rule is short. At 1,000 rules a decision takes us an eighth of a millisecond, beside calls of some tens of milliseconds: an index over all rules would be more code to trust than it is worth.";
}

function listing(arn: readonly string[]): Policy {
  return policyOf([listed("listed", arn, effects.length - 1)]);
}

function listed(id: string, arn: readonly string[], effect: number): RandomRule {
  return { id, when: { key: { arn }, requester: {}, request: {} }, effect };
}

function factsOf(arn: string): Facts {
  const facts = randomFacts(new Random(seed), 1);
  return { ...facts, key: { ...facts.key, arn } };
}

function inTurns(
  what: Parameters<typeof compared>[0],
  [ours, other]: readonly [() => number, () => number],
  quick: boolean,
  progress: (text: string) => void,
): Result {
  progress(`decide: ${what.name}`);
  const [own, theirs]: [number[], number[]] = [[], []];
  // The first round warms both up.
  for (let round = 0; round <= (quick ? 3 : 15); round++) {
    const [a, b] = [ours(), other()];
    if (round === 0) continue;
    own.push(a);
    theirs.push(b);
  }
  return compared(what, own, theirs);
}

/** How often a second `work` can be done on `items` in turn, tried for at least so long (ms). */
function rateOf<Item>(items: readonly Item[], ms: number, work: (item: Item) => unknown): number {
  const began = performance.now();
  let done = 0;
  let elapsed = 0;
  do {
    for (const item of items) work(item);
    done += items.length;
    elapsed = performance.now() - began;
  } while (elapsed < ms);
  return (1000 * done) / elapsed;
}
