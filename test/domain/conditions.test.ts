import { describe, expect, it } from "vitest";
import { decide } from "../../lib/domain/decide.ts";
import type { Facts } from "../../lib/domain/decision.ts";
import type { Requester } from "../../lib/domain/requester.ts";
import { factsOf } from "../doubles/facts.ts";
import { policyWith } from "../doubles/guard.ts";
import { alice, day, keyArn, reaper, t0 } from "../doubles/key-world.ts";

/** Whether one allow rule with `when`, anchored by nothing else, decides; the default restores. */
function allows(when: object, facts: Facts, top: object = {}): boolean {
  const verdict = decide(policyWith([{ id: "rule", when, then: "allow" }], top), facts);
  return verdict.kind === "decided" && verdict.decision.rule === "rule";
}

const anchor = { role: "arn:aws:iam::*:role/ci/key-reaper" };
const by = (who: Requester, more: object = {}) => factsOf({ requester: { who, at: t0, ...more } });
const mallory: Requester = {
  kind: "user",
  account: "111122223333",
  userArn: "arn:aws:iam::111122223333:user/mallory",
  mfa: true,
};
const byPerson = { requester: { person: "alice" } };
const trusted = {
  trust: { accounts: ["111122223333"], sourceIdentityFrom: ["arn:aws:iam::111122223333:role/ci/key-reaper"] },
};
const untrusted = { trust: { accounts: ["444455556666"] } };

describe("each condition", () => {
  it.each<[string, object, Facts, Facts]>([
    ["key.arn", { key: { arn: keyArn() } }, factsOf(), factsOf({ key: { arn: keyArn("anotherkey000000") } })],
    [
      "key.arn by pattern",
      { key: { arn: "arn:*:key/kwap*" } },
      factsOf(),
      factsOf({ key: { arn: keyArn("anotherkey000000") } }),
    ],
    [
      "key.usage in a list",
      { key: { usage: ["TR31_P0_PIN_ENCRYPTION_KEY", "TR31_C0_CARD_VERIFICATION_KEY"] } },
      factsOf(),
      factsOf({ key: { usage: "TR31_B0_BASE_DERIVATION_KEY" } }),
    ],
    [
      "key.usage by pattern",
      { key: { usage: "TR31_C?_*" } },
      factsOf(),
      factsOf({ key: { usage: "TR31_B0_BASE_DERIVATION_KEY" } }),
    ],
    ["key.class", { key: { class: "SYMMETRIC_KEY" } }, factsOf(), factsOf({ key: { keyClass: "PUBLIC_KEY" } })],
    ["key.algorithm", { key: { algorithm: "TDES_2KEY" } }, factsOf(), factsOf({ key: { algorithm: "AES_128" } })],
    [
      "key.origin",
      { key: { origin: "AWS_PAYMENT_CRYPTOGRAPHY" } },
      factsOf(),
      factsOf({ key: { origin: "EXTERNAL" } }),
    ],
    ["key.exportable", { key: { exportable: true } }, factsOf(), factsOf({ key: { exportable: false } })],
    ["key.kcv in either case", { key: { kcv: "a486ed" } }, factsOf(), factsOf({ key: { kcv: "000000" } })],
    [
      "key.multiRegion",
      { key: { multiRegion: "PRIMARY" } },
      factsOf({ key: { multiRegion: "PRIMARY" } }),
      factsOf({ key: { multiRegion: "REPLICA" } }),
    ],
    ["region", { region: "us-*" }, factsOf(), factsOf({ key: { region: "eu-west-1" } })],
    ["account", { account: "111122223333" }, factsOf(), factsOf({ key: { account: "444455556666" } })],
    [
      "key.tags",
      { key: { tags: { Environment: ["dev", "test"] } }, requester: anchor },
      factsOf(),
      factsOf({ tags: { Environment: "prod" } }),
    ],
    [
      "a tag that is not there",
      { key: { tags: { Environment: "*" } }, requester: anchor },
      factsOf(),
      factsOf({ tags: {} }),
    ],
    [
      "a tag named like a method",
      { key: { tags: { toString: "*" } }, requester: anchor },
      factsOf({ tags: { toString: "x" } }),
      factsOf(),
    ],
    [
      "every one of several tags",
      { key: { tags: { Environment: "test", Team: "a" } }, requester: anchor },
      factsOf({ tags: { Environment: "test", Team: "a" } }),
      factsOf(),
    ],
    ["requester.role", { requester: { role: "arn:aws:iam::111122223333:role/ci/key-reaper" } }, factsOf(), by(alice)],
    ["requester.role by unique id", { requester: { role: "AROAREAPERSEXAMPLE00" } }, factsOf(), by(alice)],
    ["requester.role of a user", { requester: { role: "arn:*" } }, factsOf(), by(mallory)],
    ["requester.user", { requester: { user: "arn:aws:iam::111122223333:user/*" } }, by(mallory), factsOf()],
    [
      "requester.account",
      { requester: { account: "111122223333" } },
      factsOf(),
      by({ kind: "account", account: "444455556666" }),
    ],
    [
      "requester.account of a service without one",
      { requester: { account: "111122223333" } },
      factsOf(),
      by({ kind: "service", service: "x.amazonaws.com" }),
    ],
    ["requester.permissionSet", { requester: { permissionSet: "Payments*" } }, by(alice), factsOf()],
    ["requester.mfa", { requester: { mfa: true, user: "arn:*" } }, by(mallory), by({ ...mallory, mfa: false })],
    [
      "requester.network",
      { requester: { network: "203.0.113.0/24" } },
      factsOf(),
      by(reaper, { sourceIp: "198.51.100.1" }),
    ],
    [
      "requester.network of version 6",
      { requester: { network: ["10.0.0.0/8", "2001:db8::/32"] } },
      by(reaper, { sourceIp: "2001:db8::1" }),
      by(reaper, { sourceIp: "2001:db9::1" }),
    ],
    ["requester.known", { requester: { known: true } }, factsOf(), by({ kind: "unknown" })],
    [
      "request.waitingDays.atLeast",
      { request: { waitingDays: { atLeast: 7 } } },
      factsOf(),
      factsOf({ deletePendingAt: t0 + 6.9 * day }),
    ],
    [
      "request.waitingDays.atMost",
      { request: { waitingDays: { atMost: 7 } } },
      factsOf(),
      factsOf({ deletePendingAt: t0 + 7.1 * day }),
    ],
    // 2024-05-27T19:49:54Z is a Monday, 15:49 in New York.
    [
      "request.window by day",
      { request: { window: { days: ["mon"], timeZone: "UTC" } } },
      factsOf(),
      by(reaper, { at: t0 + day }),
    ],
    [
      "request.window by hour",
      { request: { window: { hours: "15:00-15:50", timeZone: "America/New_York" } } },
      factsOf(),
      by(reaper, { at: t0 + 60_000 }),
    ],
    [
      "request.window up to its end",
      { request: { window: { hours: "19:00-19:49", timeZone: "UTC" } } },
      by(reaper, { at: t0 - 60_000 }),
      factsOf(),
    ],
    [
      "request.window over midnight",
      { request: { window: { days: ["sun"], hours: "22:00-06:00", timeZone: "UTC" } } },
      by(reaper, { at: Date.UTC(2024, 4, 27, 5, 59) }),
      by(reaper, { at: Date.UTC(2024, 4, 27, 22, 1) }),
    ],
    [
      "request.window on the day it began",
      { request: { window: { days: ["mon"], hours: "22:00-06:00", timeZone: "UTC" } } },
      by(reaper, { at: Date.UTC(2024, 4, 27, 22, 0) }),
      by(reaper, { at: Date.UTC(2024, 4, 27, 6, 0) }),
    ],
  ])("%s", (_, when, matching, failing) => {
    expect(allows(when, matching)).toBe(true);
    expect(allows(when, failing)).toBe(false);
  });

  it("lets a request up to a minute short of its days count as whole", () => {
    const when = { request: { waitingDays: { atLeast: 7, atMost: 7 } } };
    const after = (ms: number) => allows(when, factsOf({ deletePendingAt: t0 + 7 * day + ms }));
    expect([-60_001, -60_000, 0, 60_000, 60_001].map(after)).toEqual([false, true, true, true, false]);
  });
});

describe("requester.person", () => {
  const people = {
    people: { alice: { aws: ["alice@example.com", "arn:aws:iam::111122223333:user/alice"], groups: [] } },
  };
  const { permissionSet: _, ...ordinary } = alice.kind === "role-session" ? alice : { permissionSet: "" };
  it.each<[string, Requester, object, boolean]>([
    ["is an IAM user by ARN", { ...mallory, userArn: "arn:aws:iam::111122223333:user/alice" }, trusted, true],
    ["is the session of an Identity Center role", alice, trusted, true],
    ["is not the session of an untrusted account", alice, untrusted, false],
    ["is not the session name of an ordinary role", ordinary as Requester, trusted, false],
    [
      "is a source identity of a listed role",
      { ...reaper, sourceIdentity: "alice@example.com" } as Requester,
      trusted,
      true,
    ],
    [
      "is not a source identity of another role",
      { ...reaper, roleArn: "arn:aws:iam::111122223333:role/x", sourceIdentity: "alice@example.com" } as Requester,
      trusted,
      false,
    ],
    [
      "is not a source identity of an untrusted account",
      { ...reaper, sourceIdentity: "alice@example.com" } as Requester,
      untrusted,
      false,
    ],
    ["is nobody for a service", { kind: "service", service: "alice@example.com" }, trusted, false],
  ])("%s", (_name, who, trust, expected) => {
    expect(allows(byPerson, by(who), { ...people, ...trust })).toBe(expected);
  });

  it("counts a permission set only in a trusted account", () => {
    expect(allows({ requester: { permissionSet: "PaymentsAdmin" } }, by(alice), untrusted)).toBe(false);
  });
});

describe("a contested rule", () => {
  const mixed = ["alias/test/a", "alias/prod/pin"];
  const weak = { id: "weak", when: { key: { alias: "alias/test/*" }, requester: anchor }, then: "allow" };
  const strong = { id: "strong", when: { key: { alias: "alias/prod/*" } }, then: "restore" };
  const rest = { id: "rest", when: { requester: anchor }, then: "allow" };
  const ruleFor = (rules: object[], facts: Facts) => {
    const verdict = decide(policyWith(rules), facts);
    return verdict.kind === "decided" ? verdict.decision.rule : verdict.kind;
  };

  it("decides toward a weaker outcome only if all of the key's aliases match, and there is one", () => {
    expect(ruleFor([weak], factsOf({ aliases: ["alias/test/a", "alias/test/b"] }))).toBe("weak");
    expect(ruleFor([weak], factsOf({ aliases: mixed }))).toBe("default");
    expect(ruleFor([weak], factsOf({ aliases: [] }))).toBe("default");
  });

  it("decides toward a stronger outcome if any alias matches", () => {
    expect(ruleFor([strong, rest], factsOf({ aliases: mixed }))).toBe("strong");
    expect(ruleFor([strong, rest], factsOf({ aliases: ["alias/test/a"] }))).toBe("rest");
  });

  it.each<[string, object, Facts]>([
    ["an unknown requester by role", { requester: anchor }, by({ kind: "unknown" })],
    ["an unknown requester by person", { requester: { person: "alice" } }, by({ kind: "unknown" })],
    ["an unknown requester by MFA", { requester: { mfa: true } }, by({ kind: "unknown" })],
    ["MFA that is not told", { requester: { mfa: true } }, factsOf()],
    [
      "a source that is no address",
      { requester: { network: "0.0.0.0/0" } },
      by(reaper, { sourceIp: "cloudformation.amazonaws.com" }),
    ],
    ["a source that is not told", { requester: { network: "0.0.0.0/0" } }, by(reaper)],
    [
      "a waiting period that cannot be told",
      { request: { waitingDays: { atLeast: 3 } } },
      factsOf({ requester: { who: reaper } }),
    ],
    [
      "a time that cannot be told",
      { request: { window: { timeZone: "UTC" } } },
      factsOf({ requester: { who: reaper } }),
    ],
  ])("by %s neither allows nor lets a key slip past a protective rule", (_, when, facts) => {
    expect(ruleFor([{ id: "weak", when, then: "allow" }], facts)).toBe("default");
    const permissive = { id: "permissive", when: { key: { usage: "TR31_*" } }, then: "allow" };
    expect(ruleFor([{ id: "strong", when, then: "restore" }, permissive], facts)).toBe("strong");
  });

  it("by the waiting period of a key that is not pending any more is contested as well", () => {
    const { deletePendingAt: _, ...gone } = factsOf();
    expect(ruleFor([{ id: "weak", when: { request: { waitingDays: { atLeast: 1 } } }, then: "allow" }], gone)).toBe(
      "default",
    );
  });

  it("names what was contested", () => {
    const verdict = decide(policyWith([weak]), factsOf({ aliases: mixed }));
    expect(verdict).toMatchObject({ decision: { passedOver: [{ rule: "weak", failed: "key.alias (contested)" }] } });
  });
});
