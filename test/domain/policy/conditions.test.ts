import { describe, expect, it } from "vitest";
import type { Requester } from "../../../lib/domain/people/requester.ts";
import { decide } from "../../../lib/domain/policy/decide.ts";
import type { Facts, RequestFacts } from "../../../lib/domain/policy/decision.ts";
import { policyWith } from "../../doubles/guard.ts";
import { alice, factsOf, key, reaper, reaperArn, requestBy, unknown } from "../../doubles/policy-facts.ts";

type When = Readonly<Record<string, object | string | readonly string[]>>;

/** `yes`, the name of the condition that failed, that name and `(contested)`, or `needs <facts>`. */
function answerOf(when: When, facts: Facts): string | undefined {
  const anchored = { ...when, key: { arn: key.arn, ...(when["key"] as object) } };
  const policy = policyWith([{ id: "rule", when: anchored, then: "allow" }], { trust });
  const verdict = decide(policy, facts);
  if (verdict.kind === "needs") return `needs ${verdict.facts.join(" and ")}`;
  return verdict.decision.effect.outcome === "allow" ? "yes" : verdict.decision.passedOver[0]?.failed;
}

const trust = { accounts: ["111122223333"], sourceIdentityFrom: ["arn:aws:iam::111122223333:role/ci/key-reaper"] };

describe("conditions on aliases: every one has to match, and there has to be one", () => {
  it.each<[string, string | readonly string[], Facts["aliases"], string]>([
    ["not read yet", "alias/test/*", undefined, "needs aliases"],
    ["the only one matches", "alias/test/*", ["alias/test/a"], "yes"],
    ["all match", ["alias/test/*", "alias/dev"], ["alias/test/a", "alias/dev"], "yes"],
    ["no alias", "alias/test/*", [], "key.alias"],
    ["none matches", "alias/test/*", ["alias/prod/a", "alias/prod/b"], "key.alias"],
    ["one matches, another does not", "alias/test/*", ["alias/prod/a", "alias/test/x"], "key.alias (contested)"],
  ])("%s", (_, alias, aliases, expected) => {
    expect(answerOf({ key: { alias } }, factsOf(aliases && { aliases }))).toBe(expected);
  });
});

const user: Requester = {
  kind: "user",
  account: "111122223333",
  userArn: "arn:aws:iam::111122223333:user/bob",
  mfa: true,
};
const { roleId: _roleId, ...withoutId } = reaper;
const stranger: Requester = { ...alice, account: "444455556666" };
const contractor: Requester = { kind: "account", account: "444455556666" };
const service: Requester = { kind: "service", service: "cloudformation.amazonaws.com" };

describe("conditions on the requester", () => {
  it("need the deletion's record", () => {
    for (const condition of [{ role: reaperArn }, { known: true }, { mfa: true }, { network: "10.0.0.0/8" }])
      expect(answerOf({ requester: condition }, factsOf())).toBe("needs requester");
  });

  it.each<[string, object, Requester, string]>([
    ["role by ARN", { role: reaperArn }, reaper, "yes"],
    ["role by a glob", { role: "arn:aws:iam::*:role/ci/*" }, reaper, "yes"],
    ["role by its path", { role: "arn:aws:iam::111122223333:role/**/key-reaper" }, reaper, "yes"],
    ["role pinned by its unique id", { role: reaperArn, roleId: "AROAREAPERSEXAMPLE00" }, reaper, "yes"],
    [
      "role that was created again under its ARN",
      { role: reaperArn, roleId: "AROAREAPERSEXAMPLE00" },
      { ...reaper, roleId: "AROASOMEBODYELSE0000" },
      "requester.roleId",
    ],
    [
      "unique id, of a record without one",
      { roleId: "AROAREAPERSEXAMPLE00" },
      withoutId,
      "requester.roleId (contested)",
    ],
    ["unique id, asked of a user", { roleId: "AROAREAPERSEXAMPLE00" }, user, "requester.roleId"],
    ["unique id of an unknown requester", { roleId: "AROAREAPERSEXAMPLE00" }, unknown, "requester.roleId (contested)"],
    ["role by its unique id", { role: "AROAREAPERSEXAMPLE00" }, reaper, "yes"],
    ["another unique id: the role was made again", { role: "AROAREAPERSEXAMPLE01" }, reaper, "requester.role"],
    ["role without its path", { role: "arn:aws:iam::111122223333:role/key-reaper" }, reaper, "requester.role"],
    ["role, asked of a user", { role: reaperArn }, user, "requester.role"],
    ["role, asked of a service", { role: "*" }, service, "requester.role"],
    ["role of an unknown requester", { role: "*" }, unknown, "requester.role (contested)"],
    ["user", { user: "arn:aws:iam::111122223333:user/*" }, user, "yes"],
    ["another user", { user: "arn:aws:iam::111122223333:user/alice" }, user, "requester.user"],
    ["user, asked of a role", { user: "*" }, reaper, "requester.user"],
    ["unknown user", { user: "*" }, unknown, "requester.user (contested)"],
    ["account", { account: "444455556666" }, contractor, "yes"],
    ["another account", { account: "111122223333" }, contractor, "requester.account"],
    ["account of an unknown requester", { account: "111122223333" }, unknown, "requester.account (contested)"],
    ["person by the session of Identity Center", { person: "alice" }, alice, "yes"],
    [
      "person: the session name of an ordinary role is anyone's choice",
      { person: "alice" },
      reaper,
      "requester.person",
    ],
    ["person in an account that is not trusted", { person: "alice" }, stranger, "requester.person"],
    [
      "person by a source identity from a listed role",
      { person: "bob" },
      { ...reaper, sourceIdentity: "bob@example.com" },
      "yes",
    ],
    ["unknown person", { person: "alice" }, unknown, "requester.person (contested)"],
    ["permission set", { permissionSet: "Payments*" }, alice, "yes"],
    ["another permission set", { permissionSet: "ReadOnly" }, alice, "requester.permissionSet"],
    ["unknown permission set", { permissionSet: "*" }, unknown, "requester.permissionSet (contested)"],
    ["mfa", { mfa: true }, user, "yes"],
    ["no mfa", { mfa: true }, alice, "requester.mfa"],
    ["mfa, where the record does not say", { mfa: true }, contractor, "requester.mfa (contested)"],
    ["no mfa wanted, where the record does not say", { mfa: false }, service, "requester.mfa (contested)"],
    ["known", { known: true }, service, "yes"],
    ["known, of an unknown one", { known: true }, unknown, "requester.known"],
  ])("%s", (_, condition, identity, expected) => {
    expect(answerOf({ requester: condition }, factsOf({ requester: requestBy(identity) }))).toBe(expected);
  });

  it.each<[string, string | readonly string[], string | undefined, string]>([
    ["its last address", "203.0.113.0/26", "203.0.113.63", "yes"],
    ["the address after its last", "203.0.113.0/26", "203.0.113.64", "requester.network"],
    ["one of several", ["10.0.0.0/8", "2001:db8::/32"], "2001:db8:ffff::1", "yes"],
    ["of the other family", "10.0.0.0/8", "2001:db8::1", "requester.network"],
    ["a v4 address written as v6", "203.0.113.0/24", "::ffff:203.0.113.64", "yes"],
    [
      "an AWS service instead of an address",
      "0.0.0.0/0",
      "cloudformation.amazonaws.com",
      "requester.network (contested)",
    ],
    ["no address", "0.0.0.0/0", undefined, "requester.network (contested)"],
    ["text that is no address", "0.0.0.0/0", "203.0.113.064", "requester.network (contested)"],
  ])("network: %s", (_, network, sourceIp, expected) => {
    const { sourceIp: _own, ...request } = requestBy(reaper);
    const requester: RequestFacts = { ...request, ...(sourceIp !== undefined && { sourceIp }) };
    expect(answerOf({ requester: { network } }, factsOf({ requester }))).toBe(expected);
  });
});

describe("waiting days", () => {
  it("are contested where the time of the deletion is not known, and need its record", () => {
    const when = { request: { waitingDays: { atLeast: 3 } } };
    expect(answerOf(when, factsOf({ requester: { identity: reaper } }))).toBe("request.waitingDays (contested)");
    expect(answerOf(when, factsOf())).toBe("needs requester");
  });
});

describe("time windows, judged at the deletion's time", () => {
  it.each<[string, object, string, string]>([
    ["the same instant elsewhere", { days: ["mon"], timeZone: "Pacific/Kiritimati" }, "2024-05-27T19:49:54Z", "no"],
    ["its last second", { hours: "09:00-17:00", timeZone: "UTC" }, "2024-05-27T16:59:59Z", "yes"],
    ["its end", { hours: "09:00-17:00", timeZone: "UTC" }, "2024-05-27T17:00:00Z", "no"],
    ["until midnight", { hours: "20:00-24:00", timeZone: "UTC" }, "2024-05-27T23:59:59Z", "yes"],
    ["midnight is hour 0", { hours: "00:00-01:00", timeZone: "UTC" }, "2024-05-28T00:00:00Z", "yes"],
    ["over the week's end", { days: ["sun"], hours: "22:00-06:00", timeZone: "UTC" }, "2024-06-03T01:00:00Z", "yes"],
    ["summer time", { hours: "09:00-10:00", timeZone: "Europe/Berlin" }, "2024-07-01T07:30:00Z", "yes"],
    ["winter time", { hours: "09:00-10:00", timeZone: "Europe/Berlin" }, "2024-01-01T07:30:00Z", "no"],
    ["a zone of half hours", { hours: "13:00-13:30", timeZone: "Asia/Kolkata" }, "2024-01-01T07:30:00Z", "yes"],
  ])("%s", (_, window, at, expected) => {
    const facts = factsOf({ requester: requestBy(reaper, { at: Date.parse(at) }) });
    expect(answerOf({ request: { window } }, facts)).toBe(expected === "no" ? "request.window" : expected);
  });

  it("are contested where the time of the deletion or the time zone is not known", () => {
    const windowIn = (timeZone: string) => ({ request: { window: { timeZone } } });
    const contested = "request.window (contested)";
    expect(answerOf(windowIn("UTC"), factsOf({ requester: { identity: reaper } }))).toBe(contested);
    expect(answerOf(windowIn("Mars/Olympus"), factsOf({ requester: requestBy(reaper) }))).toBe(contested);
  });
});

describe("the order of conditions", () => {
  it("lets nothing be fetched for a rule that cannot match", () => {
    const when = {
      key: { usage: "TR31_P0_*", tags: { Environment: "dev" }, alias: "alias/test/*" },
      requester: { role: reaperArn },
    };
    expect(answerOf(when, factsOf())).toBe("key.usage");
    expect(answerOf({ ...when, key: { ...when.key, usage: "*" } }, factsOf())).toBe(
      "needs requester and tags and aliases",
    );
    const facts = factsOf({ requester: requestBy(user) });
    expect(answerOf({ ...when, key: { ...when.key, usage: "*" } }, facts)).toBe("requester.role");
  });
});
