import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Requester } from "../../lib/domain/people/requester.ts";
import { decide } from "../../lib/domain/policy/decide.ts";
import type { Decision, Effect, Facts } from "../../lib/domain/policy/decision.ts";
import { matcherOf, matchesGlob } from "../../lib/domain/policy/match/glob.ts";
import type { Policy } from "../../lib/domain/policy/policy.ts";
import { compareStrictness, stricter } from "../../lib/domain/policy/strictness.ts";
import { factsOf } from "../doubles/facts.ts";
import { policyWith } from "../doubles/guard.ts";
import { alice, day, reaper, t0 } from "../doubles/key-world.ts";

const numRuns = process.env["REPRIEVE_DEEP"] ? 20_000 : process.env["REPRIEVE_FEW_RUNS"] ? 300 : 1_500;

const maybe = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined });
const whens = fc.record({
  key: maybe(
    fc.record(
      {
        usage: fc.constantFrom("TR31_C0_CARD_VERIFICATION_KEY", "TR31_P0_*"),
        tags: fc.constantFrom({ Environment: "test" }, { Environment: "prod" }),
        alias: fc.constantFrom("alias/test/*", "alias/prod/*"),
      },
      { requiredKeys: [] },
    ),
  ),
  requester: fc.record(
    {
      role: fc.constantFrom(
        "arn:aws:iam::111122223333:role/ci/key-reaper",
        "arn:aws:iam::111122223333:role/aws-reserved/*",
      ),
      person: fc.constantFrom("alice", "bob"),
      mfa: fc.boolean(),
      known: fc.constant(true),
      network: fc.constant("203.0.113.0/24"),
    },
    { requiredKeys: ["role"] },
  ),
  request: maybe(fc.record({ waitingDays: fc.record({ atLeast: fc.constantFrom(3, 7, 30) }) })),
});
const effects = fc.constantFrom(
  { then: "allow" },
  { then: "restore" },
  { then: "restore", usage: "leave-disabled" },
  { then: "ask", approval: { from: "custodians", quorum: 2, within: "24h" } },
  { then: "ask", approval: { from: "custodians", quorum: 1, within: "24h", meanwhile: "pending" } },
);
const policies: fc.Arbitrary<Policy> = fc
  .array(fc.tuple(whens, effects), { maxLength: 5 })
  .map((rules) =>
    policyWith(JSON.parse(JSON.stringify(rules.map(([when, effect], n) => ({ id: `rule-${n}`, when, ...effect }))))),
  );
const requesters = fc.constantFrom<Requester>(
  alice,
  reaper,
  { kind: "unknown" },
  { kind: "root", account: "111122223333", mfa: true },
  { kind: "user", account: "111122223333", userArn: "arn:aws:iam::111122223333:user/mallory" },
);
const everything = fc.record({
  usage: fc.constantFrom("TR31_C0_CARD_VERIFICATION_KEY", "TR31_P0_PIN_ENCRYPTION_KEY"),
  tags: fc.constantFrom<Record<string, string>>({}, { Environment: "test" }, { Environment: "prod" }),
  aliases: fc.subarray(["alias/test/a", "alias/test/b", "alias/prod/a"]),
  identity: requesters,
  days: fc.constantFrom(3, 7, 30),
});
const complete = ({
  usage,
  tags,
  aliases,
  identity,
  days,
}: typeof everything extends fc.Arbitrary<infer Value> ? Value : never): Facts =>
  factsOf({
    key: { usage },
    tags,
    aliases,
    deletePendingAt: t0 + days * day,
    requester: { identity: identity, at: t0, sourceIp: "203.0.113.9" },
  });
type Lazy = "labelAge" | "tags" | "aliases" | "requester";
const hidden = fc.subarray<Lazy>(["labelAge", "tags", "aliases", "requester"]);
const hide = (facts: Facts, names: readonly Lazy[]): Facts =>
  Object.fromEntries(
    Object.entries(facts).filter(([name]) => !(names as readonly string[]).includes(name)),
  ) as unknown as Facts;

function settled(policy: Policy, facts: Facts): Decision {
  const verdict = decide(policy, facts);
  if (verdict.kind !== "decided") throw new Error("everything is known, and yet it needs more");
  return verdict.decision;
}

describe("decide", () => {
  it("settles whenever everything is known", () => {
    fc.assert(
      fc.property(policies, everything, (policy, facts) => {
        expect(decide(policy, complete(facts)).kind).toBe("decided");
      }),
      { numRuns },
    );
  });

  it("never turns a settled answer when facts are added", () => {
    fc.assert(
      fc.property(policies, everything, hidden, (policy, facts, names) => {
        const partial = decide(policy, hide(complete(facts), names));
        const full = settled(policy, complete(facts));
        if (partial.kind === "decided")
          expect([full.rule, full.effect]).toEqual([partial.decision.rule, partial.decision.effect]);
        else if (partial.regardless !== undefined) expect(full.effect).toEqual(partial.regardless.effect);
      }),
      { numRuns },
    );
  });

  it("asks only for what is missing", () => {
    fc.assert(
      fc.property(policies, everything, hidden, (policy, facts, names) => {
        const verdict = decide(policy, hide(complete(facts), names));
        return verdict.kind === "decided" || verdict.facts.every((fact) => names.includes(fact));
      }),
      { numRuns },
    );
  });

  it("never weakens an outcome because the requester is unknown", () => {
    fc.assert(
      fc.property(policies, everything, requesters, (policy, facts, identity) => {
        // `known` is a condition on the very thing that is changed here.
        if (policy.rules.some(({ conditions }) => conditions.some(({ name }) => name === "requester.known")))
          return true;
        const unknown = settled(policy, complete({ ...facts, identity: { kind: "unknown" } }));
        const known = settled(policy, complete({ ...facts, identity }));
        return compareStrictness(unknown.effect, known.effect) >= 0;
      }),
      { numRuns },
    );
  });

  it("never weakens an outcome because a key got one more alias", () => {
    fc.assert(
      fc.property(
        policies,
        everything,
        fc.constantFrom("alias/test/x", "alias/prod/x", "alias/else"),
        (policy, facts, alias) => {
          fc.pre(facts.aliases.length > 0);
          const before = settled(policy, complete(facts)).effect;
          const after = settled(policy, complete({ ...facts, aliases: [...facts.aliases, alias] })).effect;
          return compareStrictness(after, before) >= 0;
        },
      ),
      { numRuns },
    );
  });
});

describe("stricter", () => {
  const decision = fc
    .constantFrom<Effect>(
      { outcome: "allow" },
      { outcome: "restore", usage: "resume" },
      { outcome: "restore", usage: "leave-disabled" },
      {
        outcome: "ask",
        usage: "resume",
        approval: { from: "a", quorum: 2, withinMs: 5, meanwhile: "restored", permitForMs: 9 },
      },
      {
        outcome: "ask",
        usage: "resume",
        approval: { from: "a", quorum: 1, withinMs: 5, meanwhile: "restored", permitForMs: 9 },
      },
      {
        outcome: "ask",
        usage: "resume",
        approval: { from: "a", quorum: 2, withinMs: 9, meanwhile: "restored", permitForMs: 9 },
      },
      {
        outcome: "ask",
        usage: "resume",
        approval: { from: "a", quorum: 2, withinMs: 5, meanwhile: "pending", permitForMs: 9 },
      },
      {
        outcome: "ask",
        usage: "leave-disabled",
        approval: { from: "a", quorum: 2, withinMs: 5, meanwhile: "restored", permitForMs: 9 },
      },
    )
    .map((effect) => ({ effect }));

  it("is a total order: idempotent, commutative, associative", () => {
    fc.assert(
      fc.property(decision, decision, decision, (a, b, c) => {
        expect(stricter(a, a)).toBe(a);
        expect(stricter(a, b).effect).toEqual(stricter(b, a).effect);
        expect(stricter(stricter(a, b), c).effect).toEqual(stricter(a, stricter(b, c)).effect);
      }),
    );
  });

  it("knows restore > ask > allow, resume > left disabled, restored > pending, more > fewer, sooner > later", () => {
    const approval = { from: "a", quorum: 2, withinMs: 5, meanwhile: "restored", permitForMs: 9 } as const;
    const ask = (overrides: object = {}, usage: "resume" | "leave-disabled" = "resume"): Effect => ({
      outcome: "ask",
      usage,
      approval: { ...approval, ...overrides },
    });
    const falling: Effect[] = [
      { outcome: "restore", usage: "resume" },
      { outcome: "restore", usage: "leave-disabled" },
      ask(),
      ask({ permitForMs: 10 }),
      ask({ withinMs: 6 }),
      ask({ quorum: 1 }),
      ask({ meanwhile: "pending", quorum: 9 }),
      ask({ quorum: 9 }, "leave-disabled"),
      { outcome: "allow" },
    ];
    for (const [n, weaker] of falling.entries())
      for (const stronger of falling.slice(0, n)) expect(compareStrictness(stronger, weaker)).toBeGreaterThan(0);
  });
});

describe("matchesGlob", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", "*", "?", "."), maxLength: 8 });
  it("agrees with a regular expression made of the same pattern", () => {
    fc.assert(
      fc.property(letters, fc.string({ unit: fc.constantFrom("a", "b", "."), maxLength: 8 }), (pattern, text) => {
        const source = pattern.replaceAll(".", "\\.").replaceAll("*", ".*").replaceAll("?", ".");
        const expected = new RegExp(`^${source}$`).test(text);
        return matchesGlob(pattern, text) === expected && matcherOf([pattern])(text) === expected;
      }),
      { numRuns: 5_000 },
    );
  });

  it("takes no more steps than both lengths multiplied, where a regular expression would take forever", () => {
    expect(matchesGlob(`${"a*".repeat(40)}b`, "a".repeat(5_000))).toBe(false);
  });
});
