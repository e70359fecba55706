import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { parseKeyArn } from "../../lib/domain/key/key-arn.ts";
import { canonicalJson } from "../../lib/domain/ledger/canonical-json.ts";
import type { Requester } from "../../lib/domain/people/requester.ts";
import { decide } from "../../lib/domain/policy/decide.ts";
import type { Facts } from "../../lib/domain/policy/decision.ts";
import { compilePolicy, type Policy } from "../../lib/domain/policy/policy.ts";
import { readPolicyYaml } from "../../lib/domain/policy/yaml/policy-yaml.ts";
import { Random } from "./cedar/random.ts";
import { randomFacts } from "./cedar/random-facts.ts";
import { policyOf, randomRules } from "./cedar/random-policy.ts";

/** Policies, and facts for each, that a digest is made of. */
const [policies, factsEach, things] = [1_000, 20, 12];

/** Returns a SHA-256 for each hundred of a thousand random policies: what they decide of random facts, also of incomplete ones. */
export function digestsOfRandomPolicies(seed: number): readonly string[] {
  const random = new Random(seed);
  const digests: string[] = [];
  let hash = createHash("sha256");
  for (let n = 1; n <= policies; n += 1) {
    const policy = policyOf(randomRules(random, 1 + random.below(8), things));
    for (let each = 0; each < factsEach; each += 1) {
      const { labelAge, tags, aliases, requester, ...ofKey } = randomFacts(random, things);
      const complete = { ...ofKey, labelAge, tags, aliases, requester };
      for (const facts of [complete, { ...ofKey, requester }, { ...ofKey, labelAge, tags }])
        hash.update(`${canonicalJson(decide(policy, facts))}\n`);
    }
    if (n % 100 > 0) continue;
    digests.push(hash.digest("hex"));
    hash = createHash("sha256");
  }
  return digests;
}

/** Returns the policy in a file of this repository. Throws an Error that names its faults. */
export function policyIn(file: string): Policy {
  const read = readPolicyYaml(readFileSync(new URL(`../../${file}`, import.meta.url), "utf8"));
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  return compilePolicy(read.document, "f".repeat(64));
}

/** Returns the SHA-256 of what `policy` decides of every combination of the facts that the shipped policy reads. */
export function digestOfShippedFacts(policy: Policy): string {
  const hash = createHash("sha256");
  for (const facts of shippedFacts()) hash.update(`${canonicalJson(decide(policy, facts))}\n`);
  return hash.digest("hex");
}

const day = 86_400_000;
const account = "111122223333";
const reaper = { kind: "role-session", account, roleArn: `arn:aws:iam::${account}:role/ci/key-reaper` } as const;
const requesters: readonly Requester[] = [
  { kind: "unknown" },
  { kind: "root", account },
  { kind: "user", account, userArn: `arn:aws:iam::${account}:user/alice`, mfa: true },
  reaper,
  { ...reaper, roleId: "AROAREAPEREXAMPLE000", sessionName: "nightly" },
  { ...reaper, roleId: "AROASOMEBODYELSE0000", sourceIdentity: "bob@example.com" },
  { ...reaper, permissionSet: "PaymentsAdmin", sessionName: "bob@example.com" },
];
const labels: readonly Pick<Facts, "tags" | "aliases" | "labelAge">[] = [
  {},
  { tags: {}, aliases: [], labelAge: "assumed-old" },
  { tags: { Environment: "test" }, aliases: ["alias/test/a"], labelAge: "assumed-old" },
  { tags: { Environment: "dev" }, aliases: ["alias/test/a", "alias/prod/x"], labelAge: "assumed-old" },
  { tags: { Environment: "test" }, aliases: ["alias/test/a"], labelAge: "not-seen" },
  { tags: "unreadable", aliases: "unreadable", labelAge: "unreadable" },
];
const usages = ["TR31_P0_PIN_ENCRYPTION_KEY", "TR31_B0_BASE_DERIVATION_KEY", "TR31_C0_CARD_VERIFICATION_KEY"];
const keyIds = ["c0mpr0m1sedk3y00", "kwapwa6qaifllw2h"];
const times = ["2026-01-05T15:00:00Z", "2026-01-05T05:00:00Z", "2026-01-09T15:00:00Z"].map((text) => Date.parse(text));

function* shippedFacts(): Iterable<Facts> {
  for (const id of keyIds)
    for (const usage of usages)
      for (const identity of requesters)
        for (const ofLabels of labels)
          for (const at of times)
            for (const days of [3, 7, 30]) {
              const arn = parseKeyArn(`arn:aws:payment-cryptography:us-east-1:${account}:key/${id}`);
              if (arn === undefined) throw new RangeError(`key ${id} has no ARN`);
              const key = { arn, usage, keyClass: "SYMMETRIC_KEY", algorithm: "TDES_2KEY" };
              yield { key, deletePendingAt: at + days * day, requester: { identity, at }, ...ofLabels };
            }
}
