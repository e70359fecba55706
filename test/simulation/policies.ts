import { resolve } from "node:path";
import { canonicalJson } from "../../lib/domain/ledger/canonical-json.ts";
import { readPolicyFile, root } from "../../scripts/bundle.ts";
import type { KeyKind, PersonName, PolicyName, PolicyState } from "./plan.ts";
import { factsOf } from "./world.ts";

export const policyFile = resolve(root, "test/simulation/policy.yaml");
const base = readPolicyFile(policyFile);
const reaperRole = "arn:aws:iam::111122223333:role/ci/key-reaper";

/** `base` as in policy.yaml; `lenient` lets the reaper delete everything but PIN keys; `strict` restores everything. */
const documents: Readonly<Record<PolicyName, object>> = {
  base,
  lenient: {
    ...base,
    rules: [
      {
        id: "reaper-cleans-up",
        when: {
          key: { usage: ["TR31_C0_CARD_VERIFICATION_KEY", "TR31_B0_BASE_DERIVATION_KEY"] },
          requester: { role: [reaperRole] },
        },
        then: "allow",
      },
      ...base.rules,
    ],
  },
  strict: { ...base, rules: [] },
};

/** Returns `reprieve:build` for the policy that was deployed. */
export function factsFor({ policy, mode }: PolicyState): object {
  return factsOf(canonicalJson({ ...documents[policy], mode }));
}

/** What a policy means for one deletion, in the words of the oracle: written by hand, not decided by the code under test. */
export function meaningOf(
  policy: PolicyName,
  kind: KeyKind,
  by: PersonName,
  days: number,
  isRelabeled: boolean,
): "allow" | "ask" | "restore" {
  if (policy === "strict") return "restore";
  if (by === "reaper" && policy === "lenient" && kind !== "pin") return "allow";
  if (kind === "pin" || kind === "derivation") return "ask";
  // No run is as long as labels have to be old.
  if (kind === "test" && by === "reaper" && days >= 7 && !isRelabeled) return "allow";
  return "restore";
}

/** How many custodians have to approve the deletion of such a key. */
export function quorumOf(kind: KeyKind): number {
  return kind === "derivation" ? 1 : 2;
}

/** Whether only approvals that AWS proves count for such a key: people then use the command, and find no button in Slack. */
export function needsAwsProof(kind: KeyKind): boolean {
  return kind === "derivation";
}

/** The rule by which people are asked about such a key. */
export function askingRuleOf(kind: KeyKind): string {
  return kind === "derivation" ? "base-derivation-keys-wait-for-one" : "pin-keys-need-two-custodians";
}
