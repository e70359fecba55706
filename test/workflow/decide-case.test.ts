import { describe, expect, it } from "vitest";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { decideCase } from "../../lib/workflows/guard/decide-case.ts";
import type { PaymentKeys } from "../../lib/workflows/ports/guard.ts";
import { caseWith, detection, toAllow, toRestore } from "../doubles/case-builder.ts";
import { allowReaper, policyWith } from "../doubles/guard.ts";
import { createKeyWorld, deletionRequest, paymentKey, reaper, t0 } from "../doubles/key-world.ts";
import { labelsSeenForLong } from "../doubles/label-inventory.ts";

const byReaper = deletionRequest({ requester: reaper });
const open = caseWith(detection({ request: byReaper }));
const key = paymentKey();
const patient = { withoutRequester: false, withoutLabels: false };
const log = () => {};
const clock = () => t0;
/** The labels of a key that has had them for long. */
const old = (keys: PaymentKeys) => ({
  ...keys,
  labelsSeen: async () => labelsSeenForLong({ tagsOfKey: {}, aliasesOfKey: [], ...keys }, t0),
});
const decide = async (rules: object[], state = open, keys: PaymentKeys = createKeyWorld(), impatience = patient) =>
  await decideCase({ policy: policyWith(rules), log, clock }, old(keys), state, key, impatience);
const allowing = (when: object) => [{ id: "rule", when, then: "allow" }];

describe("what the policy gets to see of a case", () => {
  it.each<[string, object]>([
    ["ARN", { key: { arn: key.arn } }],
    ["region", { region: "us-east-1" }],
    ["account", { account: "111122223333" }],
    ["usage", { key: { usage: key.usage } }],
    ["class", { key: { class: key.keyClass } }],
    ["algorithm", { key: { algorithm: key.algorithm } }],
    ["origin", { key: { origin: key.origin } }],
    ["exportability", { key: { exportable: true } }],
    ["key check value", { key: { kcv: key.kcv } }],
    ["waiting period", { request: { waitingDays: { atLeast: 3, atMost: 3 } } }],
    ["time of the call", { request: { window: { days: ["mon"], timeZone: "UTC" } } }],
    ["requester", { requester: { role: "arn:aws:iam::111122223333:role/ci/key-reaper" } }],
    ["source address", { requester: { network: "203.0.113.64/32" } }],
  ])("is the %s", async (_, when) => {
    expect(await decide(allowing(when))).toMatchObject({
      rule: "rule",
      effect: { outcome: "allow" },
      withRequester: true,
    });
  });

  it("is a multi-Region role where it is known", async () => {
    const rules = { policy: policyWith(allowing({ key: { multiRegion: "PRIMARY" } })), log, clock };
    const primary = paymentKey({ multiRegion: "PRIMARY" });
    expect(await decideCase(rules, old(createKeyWorld()), open, primary, patient)).toMatchObject({ rule: "rule" });
    expect(await decideCase(rules, old(createKeyWorld()), open, key, patient)).toMatchObject({ rule: "default" });
  });
});

describe("the decision", () => {
  const when = { key: { tags: { Environment: "test" }, alias: "alias/test/*" }, ...allowReaper.when };

  it("names tags and aliases only where they were read", async () => {
    const keys = createKeyWorld({ tagsOfKey: { Environment: "test" }, aliasesOfKey: ["alias/test/a"] });
    expect(await decide(allowing(when), open, keys)).toMatchObject({
      rule: "rule",
      tags: { count: 1, listed: { Environment: "test" } },
      aliases: { count: 1, listed: ["alias/test/a"] },
    });
    const plain = await decide([], open, keys);
    expect(plain).not.toHaveProperty("tags");
    expect(plain).not.toHaveProperty("aliases");
  });

  it("names the first rules passed over, and how many more there are", async () => {
    const rules = Array.from({ length: 60 }, (_, n) => ({
      id: `rule-${n}`,
      when: { key: { usage: "TR31_P0_PIN_ENCRYPTION_KEY" } },
      then: "restore",
    }));
    const decision = await decide(rules);
    const listed = decision?.passedOver.length ?? 0;
    expect(decision?.passedOver[0]).toEqual({ rule: "rule-0", failed: "key.usage" });
    expect(listed).toBeGreaterThan(30);
    expect(listed + (decision?.morePassedOver ?? 0)).toBe(60);
  });

  it("names the first aliases, and reads them all", async () => {
    const aliasesOfKey = [...Array.from({ length: 50 }, (_, n) => `alias/test/${n}`), "alias/prod/a"];
    const keys = createKeyWorld({ tagsOfKey: { Environment: "test" }, aliasesOfKey });
    const decision = await decide(allowing(when), open, keys);
    expect(decision).toMatchObject({ rule: "default", aliases: { count: 51 } });
    expect(decision?.aliases?.listed).toHaveLength(20);
  });

  it("without a record waits for it where it matters, and says what holds where it does not", async () => {
    const { request: _, ...unknown } = detection({ source: "service-event" });
    const blind = caseWith(unknown);
    expect(await decide([allowReaper], blind)).toBeUndefined();
    expect(await decide([], blind)).toMatchObject({ rule: "default", withRequester: false });
  });

  it("does not wait for a record forever: then the requester counts as unknown, which allows nothing", async () => {
    const { request: _, ...unknown } = detection({ source: "service-event" });
    const decision = await decide([allowReaper], caseWith(unknown), undefined, { ...patient, withoutRequester: true });
    expect(decision).toMatchObject({ rule: "default", effect: { outcome: "restore" }, withRequester: false });
  });

  it("does not wait forever for tags and aliases that cannot be read: then they are contested", async () => {
    const denied = async () => await Promise.reject(new GuardError("ACCESS_DENIED", "retry", "no"));
    const keys = { ...createKeyWorld(), tags: denied, aliases: denied };
    await expect(decide(allowing(when), open, keys)).rejects.toMatchObject({ code: "ACCESS_DENIED" });
    const impatient = { ...patient, withoutLabels: true };
    expect(await decide(allowing(when), open, keys, impatient)).toMatchObject({
      rule: "default",
      effect: { outcome: "restore" },
      unreadable: ["tags", "aliases"],
    });
    const protecting = [
      { id: "strong", when: { key: { tags: { Environment: "prod" } } }, then: "restore" },
      allowReaper,
    ];
    expect(await decide(protecting, open, keys, impatient)).toMatchObject({ rule: "strong" });
  });

  it("after a second deletion is the stricter of the two, by the policy in force", async () => {
    const again = detection({
      request: deletionRequest({ eventId: "11111111-1111-4111-8111-111111111111", requester: reaper }),
    });
    const restoredFirst = caseWith(detection(), toRestore, again);
    expect(await decide([allowReaper], restoredFirst)).toMatchObject({
      rule: "default",
      effect: { outcome: "restore" },
    });
    const allowedFirst = caseWith(detection({ request: byReaper }), toAllow, detection({ request: deletionRequest() }));
    expect(await decide([allowReaper], allowedFirst)).toMatchObject({
      rule: "default",
      effect: { outcome: "restore" },
    });
  });
});
