import type { KeyArn } from "../../lib/domain/key/key-arn.ts";
import { decide } from "../../lib/domain/policy/decide.ts";
import type { Facts } from "../../lib/domain/policy/decision.ts";
import type { Policy } from "../../lib/domain/policy/policy.ts";
import type { Effort } from "../bench.ts";
import { Random } from "../random.ts";
import type { Result } from "../result.ts";
import { fresh, inTurns, rateOf } from "./in-turns.ts";
import { randomFacts } from "./random-facts.ts";
import { effects, listing, policyOf } from "./random-policy.ts";
import { arnOf } from "./vocabulary.ts";

const seed = 8;
const listLength = 10_000;

/** What 10,000 listed ARNs cost, as a multiple of what one costs: the time of a decision, not how many there are in a second. */
export function longList(name: string, deletions: number, { quick, progress }: Effort, atMost?: number): Result {
  const random = new Random(seed);
  const arns = Array.from({ length: deletions }, (_, n) =>
    arnOf(n % 2 === 0 ? random.below(listLength) : listLength + n),
  );
  const [many, one] = [policyOn(Array.from({ length: listLength }, (_, n) => arnOf(n))), policyOn([arnOf(0)])];
  const facts = fresh(arns.map((arn) => factsOf(arn)));
  const ofOne = fresh(arns.map((arn, n) => factsOf(n % 2 === 0 ? arnOf(0) : arn)));
  const cost = (policy: Policy, sample: readonly Facts[]) =>
    1e6 / rateOf(sample, quick ? 20 : 100, (each) => decide(policy, each));
  const ways = [() => cost(many, facts), () => cost(one, ofOne)] as const;
  const target = atMost !== undefined && { target: { figure: "ratio", atMost } as const };
  return inTurns({ name, unit: "us", against: "lists one", ...target }, ways, quick, progress);
}

function policyOn(arns: readonly string[]): Policy {
  return policyOf([listing("listed", arns, effects.length - 1)]);
}

function factsOf(arn: KeyArn): Facts {
  const facts = randomFacts(new Random(seed), 1);
  return { ...facts, key: { ...facts.key, arn } };
}
