import * as v from "valibot";
import { compilePolicy, type Policy } from "../../../lib/domain/policy/policy.ts";
import { policySchema } from "../../../lib/domain/policy/schema.ts";
import type { Random } from "./random.ts";
import { accounts, algorithms, aliasOf, arnOf, environments, roleOf, roles, serviceOf, usages } from "./vocabulary.ts";

/** The conditions of a rule, of the kinds that Cedar can say too: no `?` in a pattern, no pattern over aliases, no time of day. */
export interface When {
  readonly key: {
    readonly arn?: readonly string[];
    readonly usage?: readonly string[];
    readonly algorithm?: readonly string[];
    readonly exportable?: boolean;
    readonly tags?: Readonly<Record<string, readonly string[]>>;
    readonly alias?: readonly string[];
  };
  readonly requester: {
    readonly known?: boolean;
    readonly role?: readonly string[];
    readonly account?: readonly string[];
    readonly mfa?: boolean;
    readonly network?: readonly string[];
  };
  readonly request: { readonly waitingDays?: { readonly atLeast?: number; readonly atMost?: number } };
}

export interface RandomRule {
  readonly id: string;
  readonly when: When;
  /** Its place among `effects`. */
  readonly effect: number;
}

/** What a rule may do, the weakest protection first. */
export const effects = [
  { then: "allow" },
  { then: "ask", usage: "leave-disabled", approval: approval(1, "pending") },
  { then: "ask", usage: "leave-disabled", approval: approval(2, "restored") },
  { then: "ask", approval: approval(1, "pending") },
  { then: "ask", approval: approval(2, "pending") },
  { then: "ask", approval: approval(1, "restored") },
  { then: "restore", usage: "leave-disabled" },
  { then: "restore" },
] as const;

/** Rules of which each singles out few of `things` keys, teams or roles, and asks for something common besides. */
export function randomRules(random: Random, count: number, things: number): readonly RandomRule[] {
  return Array.from({ length: count }, (_, n) => ({
    id: `rule-${n}`,
    when: randomWhen(random, things),
    effect: random.below(effects.length),
  }));
}

export function policyOf(rules: readonly RandomRule[]): Policy {
  const document = {
    version: 1,
    mode: "enforce",
    default: "restore",
    trust: { accounts: ["111122223333"] },
    people: {},
    rules: rules.map(({ id, when, effect }) => ({ id, when, ...effects[effect] })),
  };
  return compilePolicy(v.parse(policySchema, document), "f".repeat(64));
}

function randomWhen(random: Random, things: number): When {
  const some = () => random.some([random.below(things), random.below(things), random.below(things)], 3);
  const single = random.below(5);
  const byArn = single === 0 ? some().map(arnOf) : [`${arnOf(random.below(things))}*`];
  const tags = {
    ...(random.chance(0.3) && { Environment: random.some(environments, 2) }),
    ...(single === 2 && { Service: some().map(serviceOf) }),
  };
  const from = random.below(15);
  return {
    key: {
      ...(single < 2 && { arn: byArn }),
      ...(random.chance(0.4) && { usage: random.some([...usages, "TR31_P0_*", "TR31_*"], 2) }),
      ...(random.chance(0.2) && { algorithm: random.some(algorithms, 2) }),
      ...(random.chance(0.2) && { exportable: random.chance(0.5) }),
      ...(Object.keys(tags).length > 0 && { tags }),
      ...(single === 3 && { alias: some().map(aliasOf) }),
    },
    requester: {
      ...(random.chance(0.2) && { known: random.chance(0.8) }),
      ...(random.chance(0.2) && { role: random.some(roles, 2) }),
      ...(single === 4 && { role: some().map(roleOf) }),
      ...(random.chance(0.2) && { account: random.some(accounts, 2) }),
      ...(random.chance(0.2) && { mfa: random.chance(0.5) }),
      ...(random.chance(0.2) && { network: random.some(["203.0.113.0/24", "10.0.0.0/8", "2001:db8::/32"], 2) }),
    },
    request: {
      ...(random.chance(0.2) && { waitingDays: random.chance(0.5) ? { atLeast: from } : { atLeast: 3, atMost: from } }),
    },
  };
}

function approval(quorum: number, meanwhile: "pending" | "restored") {
  return { from: "custodians", quorum, within: "24h", meanwhile };
}
