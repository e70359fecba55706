import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import type { KeyArn } from "../../lib/domain/key/key-arn.ts";
import { decide } from "../../lib/domain/policy/decide.ts";
import type { Decision, Effect, Facts, LazyFact, RequestFacts } from "../../lib/domain/policy/decision.ts";
import { aliasState, type LabelAge, type LabelSighting, tagState } from "../../lib/domain/policy/label-age.ts";
import { compilePolicy, type Policy } from "../../lib/domain/policy/policy.ts";
import { policySchema } from "../../lib/domain/policy/schema.ts";
import { compareStrictness } from "../../lib/domain/policy/strictness.ts";
import { alice, key, reaper, reaperArn, requestBy, sevenDaysLater, unknown } from "../doubles/policy-facts.ts";

const numRuns = process.env["REPRIEVE_DEEP"] ? 20_000 : process.env["REPRIEVE_FEW_RUNS"] ? 300 : 1_500;
const lazyFacts = ["labelAge", "tags", "aliases", "requester"] as const satisfies readonly LazyFact[];
const day = 86_400_000;

const approval = fc.record({
  from: fc.constantFrom("custodians", "officers"),
  quorum: fc.integer({ min: 1, max: 2 }),
  within: fc.constantFrom("24h", "48h"),
  meanwhile: fc.constantFrom("restored", "pending"),
});
const usage = fc.constantFrom("resume", "leave-disabled");
const effect = fc.oneof(
  fc.constant({ then: "allow" }),
  fc.record({ then: fc.constant("restore"), usage }),
  fc.record({ then: fc.constant("ask"), usage, approval }),
);

const some = <T>(item: fc.Arbitrary<T>) => fc.option(item, { nil: undefined, freq: 1 });
const sparse = <T extends object>(fields: { [Field in keyof T]: fc.Arbitrary<T[Field]> }) =>
  fc.record(fields, { requiredKeys: [] });

const when = sparse({
  key: sparse({
    usage: fc.constantFrom("TR31_C0_*", "TR31_P0_*"),
    exportable: fc.boolean(),
    tags: fc.constantFrom({ Environment: "dev" }, { Environment: ["dev", "prod"] }, { Owner: "*" }),
    alias: fc.constantFrom("alias/test/*", "alias/prod/*", "alias/test/a"),
  }),
  requester: sparse({
    role: fc.constantFrom(reaperArn, "AROAREAPERSEXAMPLE00", "*"),
    user: fc.constant("arn:aws:iam::111122223333:user/*"),
    account: fc.constantFrom("111122223333", "444455556666"),
    person: fc.constantFrom("alice", "bob"),
    permissionSet: fc.constant("PaymentsAdmin"),
    mfa: fc.boolean(),
    network: fc.constantFrom("203.0.113.0/24", "10.0.0.0/8"),
  }),
  request: sparse({
    waitingDays: fc.constantFrom({ atLeast: 7 }, { atMost: 3 }),
    window: fc.constantFrom({ days: "mon", timeZone: "UTC" }, { hours: "20:00-06:00", timeZone: "Europe/Berlin" }),
  }),
});

function policyOf(rules: readonly { when: object; effect: object }[], fallback: object): Policy {
  const document = v.parse(policySchema, {
    version: 1,
    mode: "enforce",
    default: fallback,
    trust: { accounts: ["111122223333"] },
    people: {
      alice: { aws: ["alice@example.com", "arn:aws:iam::111122223333:user/alice"] },
      bob: { aws: ["bob@example.com"] },
    },
    rules: rules.map(({ effect: own, when: conditions }, n) => ({ id: `rule-${n}`, when: conditions, ...own })),
  });
  return compilePolicy(document, "f".repeat(64));
}

/** Policies that pass the schema only: what `decide` holds must not depend on the checks of the policy. */
const policy = fc
  .tuple(
    fc.array(fc.record({ when, effect }), { maxLength: 5 }),
    fc.oneof(fc.constant("restore"), fc.record({ ask: fc.record({ usage, approval }) })),
  )
  .map(([rules, fallback]) => policyOf(rules, fallback as object));

const identities = fc.constantFrom<RequestFacts["identity"]>(
  reaper,
  { ...reaper, account: "444455556666", roleArn: "arn:aws:iam::444455556666:role/ci/key-reaper" },
  alice,
  { kind: "user", account: "111122223333", userArn: "arn:aws:iam::111122223333:user/alice", mfa: true },
  { kind: "root", account: "111122223333" },
  { kind: "account", account: "444455556666" },
  { kind: "service", service: "cloudformation.amazonaws.com" },
  { kind: "identity-center-user", userId: "alice@example.com" },
  unknown,
);
const request: fc.Arbitrary<RequestFacts> = fc
  .tuple(
    identities,
    some(fc.integer({ min: 0, max: 14 })),
    some(fc.constantFrom("203.0.113.64", "10.1.1.1", "an.aws.service")),
  )
  .map(([by, daysBefore, sourceIp]) => ({
    identity: by,
    ...(daysBefore !== undefined && { at: sevenDaysLater - daysBefore * day }),
    ...(sourceIp !== undefined && { sourceIp }),
  }));
const aliases = fc.subarray(["alias/test/a", "alias/test/b", "alias/prod/a", "alias/x"]);
const tags: fc.Arbitrary<Record<string, string>> = sparse({
  Environment: fc.constantFrom("dev", "prod"),
  Owner: fc.constant("payments"),
});

/** What the inventory may have seen: nothing, these labels since some time, or others. */
const sightings = fc.record({
  days: fc.integer({ min: 0, max: 14 }),
  same: fc.boolean(),
  readDaysAgo: fc.integer({ min: 0, max: 4 }),
});
type Sighted = typeof sightings extends fc.Arbitrary<infer Value> ? Value : never;
const labelAges: fc.Arbitrary<(tags: Readonly<Record<string, string>>, aliases: readonly string[]) => LabelAge> =
  fc.oneof(
    fc.constantFrom("assumed-old", "not-seen", "unreadable").map((age) => () => age),
    fc
      .tuple(sightings, sightings, sightings)
      .map(([environment, owner, all]) => (own: Readonly<Record<string, string>>, ownAliases: readonly string[]) => ({
        now: sevenDaysLater,
        deletedAt: sevenDaysLater,
        seen: {
          tags: {
            Environment: sightingOf(environment, tagState(own["Environment"])),
            Owner: sightingOf(owner, tagState(own["Owner"])),
          },
          aliases: sightingOf(all, aliasState(ownAliases)),
        },
      })),
  );

function sightingOf({ days, same, readDaysAgo }: Sighted, state: string): LabelSighting {
  const at = sevenDaysLater - readDaysAgo * day;
  return { state: same ? state : "=else", since: at - days * day, at };
}

type CompleteFacts = Facts & Required<Pick<Facts, LazyFact>>;
const completeFacts: fc.Arbitrary<CompleteFacts> = fc
  .tuple(
    fc.constantFrom("TR31_C0_CARD_VERIFICATION_KEY", "TR31_P0_PIN_ENCRYPTION_KEY"),
    fc.boolean(),
    fc.boolean(),
    tags,
    aliases,
    request,
    labelAges,
  )
  .map(([keyUsage, exportable, pending, ownTags, ownAliases, requester, labelAge]) => ({
    key: { ...key, usage: keyUsage, exportable },
    ...(pending && { deletePendingAt: sevenDaysLater }),
    tags: ownTags,
    aliases: ownAliases,
    requester,
    labelAge: labelAge(ownTags, ownAliases),
  }));

/** `facts` without the lazy ones in `missing`. */
function without(facts: Facts, missing: readonly LazyFact[]): Facts {
  return Object.fromEntries(
    Object.entries(facts).filter(([name]) => !missing.some((fact) => fact === name)),
  ) as unknown as Facts;
}

/** The decision on facts of which none is missing. */
function settled(by: Policy, facts: CompleteFacts): Decision {
  const verdict = decide(by, facts);
  if (verdict.kind === "needs") throw new Error(`needs ${verdict.facts.join()} of complete facts`);
  return verdict.decision;
}

/** What must not change; the reasons may name another of several conditions that failed. */
const answer = ({ effect: outcome, rule }: Decision) => ({ effect: outcome, rule });

const protectsAsMuch = (a: Effect, b: Effect) => compareStrictness(a, b) >= 0;

describe("decide, whatever the policy and its checks", () => {
  it("settles complete facts, by a rule of the policy, with a reason for every rule before it", () => {
    fc.assert(
      fc.property(policy, completeFacts, (by, facts) => {
        const { effect: outcome, rule, passedOver } = settled(by, facts);
        const ids = by.rules.map(({ id }) => id);
        const place = rule === "default" ? ids.length : ids.indexOf(rule);
        expect(place).toBeGreaterThanOrEqual(0);
        expect(passedOver.map((passed) => passed.rule)).toEqual(ids.slice(0, place));
        expect(outcome).toEqual(rule === "default" ? by.default : by.rules[place]?.effect);
        for (const { rule: id, failed } of passedOver) {
          const names = by.rules.find((each) => each.id === id)?.conditions.map(({ name }) => name);
          expect(names).toContain(failed.replace(/ \((contested|too-new|not-seen|unreadable)\)$/, ""));
        }
      }),
      { numRuns },
    );
  });

  it("is never turned by more facts: a settled answer stays, and `regardless` holds for all of them", () => {
    fc.assert(
      fc.property(policy, completeFacts, fc.subarray([...lazyFacts]), (by, facts, missing) => {
        const verdict = decide(by, without(facts, missing));
        const final = settled(by, facts);
        if (verdict.kind === "decided") expect(answer(verdict.decision)).toEqual(answer(final));
        else if (verdict.regardless !== undefined) expect(verdict.regardless.effect).toEqual(final.effect);
      }),
      { numRuns },
    );
  });

  it("asks only for what is missing and some rule reads, and settles once it knows", () => {
    fc.assert(
      fc.property(policy, completeFacts, fc.subarray([...lazyFacts]), (by, facts, missing) => {
        let unread = missing;
        let verdict = decide(by, without(facts, unread));
        while (verdict.kind === "needs") {
          const { facts: asked } = verdict;
          const read = by.rules.flatMap(({ conditions }) =>
            conditions.flatMap(({ needs, label }) => [needs, ...(label ? ["labelAge"] : [])]),
          );
          expect(asked.filter((fact) => !unread.includes(fact) || !read.includes(fact))).toEqual([]);
          expect(new Set(asked).size).toBe(asked.length);
          unread = unread.filter((fact) => !asked.includes(fact));
          verdict = decide(by, without(facts, unread));
        }
        expect(answer(verdict.decision)).toEqual(answer(settled(by, facts)));
      }),
      { numRuns },
    );
  });

  it("never weakens the outcome because the requester is unknown", () => {
    fc.assert(
      fc.property(policy, completeFacts, (by, facts) => {
        const { at, sourceIp } = facts.requester;
        const hidden = {
          identity: unknown,
          ...(at !== undefined && { at }),
          ...(sourceIp !== undefined && { sourceIp }),
        };
        return protectsAsMuch(settled(by, { ...facts, requester: hidden }).effect, settled(by, facts).effect);
      }),
      { numRuns },
    );
  });

  it("never weakens the outcome because the record lacks a time, an address, the MFA flag, or the key its date", () => {
    fc.assert(
      fc.property(
        policy,
        completeFacts,
        fc.constantFrom("at", "sourceIp", "mfa", "deletePendingAt"),
        (by, facts, field) => {
          const { requester, deletePendingAt: _, ...rest } = facts;
          const { at: _at, ...noTime } = requester;
          const { sourceIp: _ip, ...noAddress } = requester;
          const { mfa: _mfa, ...noMfa } = requester.identity as typeof reaper;
          const poorer: Record<typeof field, CompleteFacts> = {
            at: { ...facts, requester: noTime },
            sourceIp: { ...facts, requester: noAddress },
            mfa: { ...facts, requester: { ...requester, identity: noMfa } },
            deletePendingAt: { ...rest, requester },
          };
          return protectsAsMuch(settled(by, poorer[field]).effect, settled(by, facts).effect);
        },
      ),
      { numRuns },
    );
  });

  it("never weakens the outcome because someone adds an alias to a key that has one", () => {
    fc.assert(
      fc.property(policy, completeFacts, aliases, (by, facts, added) => {
        fc.pre(facts.aliases.length > 0);
        const all = [...new Set([...facts.aliases, ...added])];
        return protectsAsMuch(settled(by, { ...facts, aliases: all }).effect, settled(by, facts).effect);
      }),
      { numRuns },
    );
  });

  it("takes any text for a key, tag, alias, address or principal", () => {
    const text = fc.string({ unit: "binary", maxLength: 40 });
    const hostile = fc.tuple(text, text, text, fc.date({ noInvalidDate: true })).map(([a, b, c, at]) => ({
      key: { ...key, arn: a as KeyArn, usage: b, kcv: c, multiRegion: "PRIMARY" as const },
      deletePendingAt: sevenDaysLater,
      tags: { [a]: b, Environment: c },
      labelAge: "assumed-old" as const,
      aliases: [a, b, c],
      requester: requestBy(
        { ...alice, roleArn: a, sessionName: b, permissionSet: c },
        { sourceIp: a, at: at.getTime() },
      ),
    }));
    fc.assert(
      fc.property(policy, hostile, (by, facts) => settled(by, facts).rule !== ""),
      { numRuns },
    );
  });
});
