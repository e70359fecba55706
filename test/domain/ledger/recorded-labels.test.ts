import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../../lib/domain/ledger/canonical-json.ts";
import { labelsRead, labelsShown } from "../../../lib/domain/ledger/recorded-labels.ts";
import { recordedPassedOver } from "../../../lib/domain/ledger/recorded-passed-over.ts";
import type { Facts } from "../../../lib/domain/policy/decision.ts";
import { policyWith } from "../../doubles/guard.ts";
import { hostileAliases, hostileRules, hostileTags, wide } from "../../doubles/hostile.ts";
import { factsOf } from "../../doubles/policy-facts.ts";

const sha256 = (value: object) => createHash("sha256").update(canonicalJson(value)).digest("hex");
const bytesOf = (value: object) => Buffer.byteLength(canonicalJson(value));
const read = (rules: readonly object[], rule: string, labels: Partial<Facts>) =>
  labelsRead(policyWith(rules), { rule }, factsOf(labels));

const rules = [
  { id: "stage", when: { key: { tags: { Stage: "dev" } } }, then: "restore" },
  { id: "prod", when: { key: { tags: { Environment: "prod", Owner: "*" }, alias: "alias/prod/*" } }, then: "restore" },
  { id: "later", when: { key: { tags: { Later: "x" } } }, then: "restore" },
];

describe("the tags that a decision records", () => {
  const tags = { Noise: "n", Later: "x", Owner: "pay", Environment: "prod", Stage: "test" };

  it("are those that the rules up to the deciding one name, its own first", () => {
    const { tags: recorded } = read(rules, "prod", { tags });
    expect(Object.entries(recorded?.listed ?? {})).toEqual([
      ["Environment", "prod"],
      ["Owner", "pay"],
      ["Stage", "test"],
    ]);
    expect(Object.keys(read(rules, "default", { tags }).tags?.listed ?? {})).toEqual([
      "Stage",
      "Environment",
      "Owner",
      "Later",
    ]);
  });

  it("come with a count and a fingerprint of all, whatever order the service lists them in", () => {
    const turned = Object.fromEntries(Object.entries(tags).reverse());
    for (const each of [tags, turned])
      expect(read(rules, "prod", { tags: each }).tags).toMatchObject({ count: 5, sha256: sha256(tags) });
  });

  it("say where a value was cut", () => {
    const { tags: recorded } = read(rules, "stage", { tags: { Stage: wide(256, "二") } });
    expect(recorded?.listed).toEqual({ Stage: `${wide(170, "二")}…` });
  });

  it("are absent where none were read", () => {
    expect(read(rules, "prod", {})).toEqual({});
    expect(read(rules, "prod", { tags: "unreadable", aliases: "unreadable" })).toEqual({});
  });
});

describe("the aliases that a decision records", () => {
  it("are those that the deciding rule matches before all others", () => {
    const aliases = [...Array.from({ length: 30 }, (_, n) => `alias/test/${n}`), "alias/prod/a"];
    const { aliases: recorded } = read(rules, "prod", { aliases });
    expect(recorded?.listed.slice(0, 2)).toEqual(["alias/prod/a", "alias/test/0"]);
    expect(recorded).toMatchObject({ count: 31, sha256: sha256([...aliases].sort()) });
    expect(read(rules, "default", { aliases }).aliases?.listed[0]).toBe("alias/test/0");
  });
});

describe("what an entry records of labels and rules", () => {
  it("is bounded at the bounds of the service and of a policy", () => {
    const [tags, aliases] = [hostileTags(), hostileAliases()];
    const first = { tags: Object.keys(tags), aliases };
    expect(bytesOf(labelsShown({ tags, aliases }, first))).toBeLessThan(3_700);
    expect(bytesOf(read(hostileRules(), "default", { tags, aliases }))).toBeLessThan(3_700);
    const passedOver = hostileRules().map((_, n) => ({ rule: "r".repeat(64), failed: `key.tags.${wide(512)}${n}` }));
    const recorded = recordedPassedOver(passedOver);
    expect(bytesOf(recorded)).toBeLessThan(2_200);
    expect(recorded.morePassedOver).toBe(1_000 - recorded.passedOver.length);
  });

  it("is bounded for any labels", () => {
    const text = fc.string({ unit: "binary", maxLength: 300 }).map((value) => value.toWellFormed());
    fc.assert(
      fc.property(fc.dictionary(text, text, { maxKeys: 40 }), fc.array(text, { maxLength: 40 }), (tags, aliases) => {
        const shown = labelsShown({ tags, aliases }, { tags: [], aliases: [] });
        expect(bytesOf(shown)).toBeLessThan(3_900);
        expect(shown.tags?.sha256).toBe(sha256(tags));
      }),
    );
  });
});
