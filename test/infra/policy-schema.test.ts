import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Ajv } from "ajv";
import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { parsePolicy } from "../../lib/domain/policy/parse.ts";
import { root } from "../../scripts/bundle.ts";
import { policyJsonSchema } from "../../scripts/policy-schema.ts";

const committed = JSON.parse(readFileSync(resolve(root, "policy/policy.schema.json"), "utf8"));
const validate = new Ajv({ strict: false, allErrors: true }).compile(committed);
const rule = (more: object) => ({
  version: 1,
  mode: "observe",
  default: "restore",
  rules: [{ id: "a", then: "restore", when: {}, ...more }],
});
const ofKey = (key: object) => rule({ when: { key } });

describe("the JSON Schema of a policy", () => {
  it("is what the check's own schema says: npm run policy-schema writes it", () => {
    expect(committed).toEqual(JSON.parse(JSON.stringify(policyJsonSchema())));
  });

  it.each(["policy/policy.yaml", "local/policy.yaml", "test/simulation/policy.yaml"])("takes %s", (file) => {
    expect([validate(load(readFileSync(resolve(root, file), "utf8"))), validate.errors]).toEqual([true, null]);
  });

  it.each<[string, object]>([
    ["one value and several", ofKey({ usage: ["TR31_P0_PIN_ENCRYPTION_KEY", "TR31_*"], class: "SYMMETRIC_KEY" })],
    ["tags", ofKey({ tags: { Environment: ["dev", "test"], Team: "cards" } })],
    [
      "a window",
      rule({ when: { request: { window: { days: "mon", hours: "09:00-17:00", timeZone: "Europe/Berlin" } } } }),
    ],
    ["a requester", rule({ when: { requester: { known: true, mfa: false, network: "203.0.113.0/24" } } })],
  ])("takes what the check takes: %s", (_, document) => {
    expect(parsePolicy(document).ok).toBe(true);
    expect([validate(document), validate.errors]).toEqual([true, null]);
  });

  it.each<[string, object]>([
    ["an invalid mode", { ...rule({}), mode: "enforced" }],
    ["an invalid field", rule({ thenn: "ask" })],
    ["a usage with a slip", ofKey({ usage: "TR31_P0_PIN_ENCRYPTON_KEY" })],
    ["a default that allows", { ...rule({}), default: "allow" }],
    ["no rules but a text", { ...rule({}), rules: "none" }],
    ["a list for the policy", []],
    ["a rule without an outcome", { ...rule({}), rules: [{ id: "a", when: {} }] }],
  ])("refuses %s, as the check does", (_, document) => {
    expect(parsePolicy(document).ok).toBe(false);
    expect(validate(document)).toBe(false);
  });
});
