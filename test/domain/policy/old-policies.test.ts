import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { operations } from "../../../lib/domain/operations/registry.ts";
import { compilePolicy } from "../../../lib/domain/policy/policy.ts";
import { readPolicyYaml } from "../../../lib/domain/policy/yaml/policy-yaml.ts";
import { digestOfShippedFacts, digestsOfRandomPolicies, policyIn } from "../../oracle/decided-digest.ts";

// Both were made by the code before there were rules about other operations: test/oracle/decided-digest.ts in a checkout of commit d6adfcb, called as below.
const seed = 20_261_129;
const ofRandomPolicies = [
  "6034ab4615a79344c85f6f9874cd4ebb924f9657a231bce64971dd3dfeede851",
  "b73eaa32ef2eadf1ad2a0102a50f53ddc49fd274b8bd1583ecf82269f32f18c9",
  "dcff779734e175feb0b5db8e24ff06bae140b34acfbfe56decde6beedfd47f73",
  "2fee15bcfa28658a4c9f3e0615d3d58a700349f138b23775ccc637e007275a4c",
  "83c6853032fd0f49b3b8f228702d2d180d78db6e24e89ac03ecbb1ae6b44b32a",
  "64d1221498a49105016a6c0e42471d75e9625fafe9b0d4bbb894308f07c02a09",
  "e13a986e7ca5dc4df039b9eff5a14d6643be0f1f77fb03cb2c5d9d48fce65320",
  "88c9ce5d915baf9a0d3d8633347ecfe8a2f6e7499ae73e4ca9b2f85b50c83f68",
  "f777c70b0512909138b0a759b7216964487d6282dfdb47f9b5e68243407fcf21",
  "e65b9e035ec61bdcbbb78e50f5fdd3cafc591ba228e847d5d63c9428d35c47eb",
];
const ofShipped = "0af7fe3db3e96897789468f2678874bd79c0545877d674f96b47cc17ed34d5d8";
const shipped = "test/domain/policy/inputs/shipped-without-operations.yaml";

describe("a policy without rules about other operations", () => {
  it("decides as it did before there were any: a thousand random policies, by the hundred", () => {
    expect(digestsOfRandomPolicies(seed)).toEqual(ofRandomPolicies);
  });

  it("decides as it did before there were any: the shipped one", () => {
    expect(digestOfShippedFacts(policyIn(shipped))).toBe(ofShipped);
  });
});

describe("rules about other operations", () => {
  it("change nothing about deletions, wherever they are", () => {
    const read = readPolicyYaml(readFileSync(shipped, "utf8"));
    if (!read.ok) throw new Error(JSON.stringify(read.faults));
    const others = operations.map(({ name }) => name).filter((name) => name !== "delete");
    const rules = read.document.rules.flatMap((rule, n) => [
      { id: `before-${n}`, when: { operation: others }, then: "notify" as const },
      rule,
    ]);
    const policy = compilePolicy({ ...read.document, rules }, "f".repeat(64));
    expect(policy.changeRules).toHaveLength(5);
    expect(digestOfShippedFacts(policy)).toBe(ofShipped);
  });
});
