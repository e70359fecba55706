import { resolve } from "node:path";
import { canonicalJson } from "../../lib/domain/ledger/canonical-json.ts";
import { readPolicyFile, root } from "../../scripts/bundle.ts";
import {
  type ChangeOfKey,
  type DecidedOperation,
  hour,
  type KeyKind,
  type PersonName,
  type PolicyName,
  type PolicyState,
} from "./plan.ts";
import { factsOf } from "./world.ts";

export const policyFile = resolve(root, "test/simulation/policy.yaml");
const base = readPolicyFile(policyFile);
export const custodians: readonly PersonName[] = ["alice", "bob", "carol"];
const reaperRole = "arn:aws:iam::111122223333:role/ci/key-reaper";

/**
 * `base` as in policy.yaml; `lenient` lets the reaper delete everything but PIN keys; `strict` restores everything, and judges no other change; `sealed`
 * restores PIN keys and leaves them disabled, as after a compromise.
 */
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
  sealed: {
    ...base,
    rules: [
      {
        id: "pin-keys-may-be-compromised",
        when: { key: { usage: ["TR31_P0_PIN_ENCRYPTION_KEY"] } },
        then: "restore",
        usage: "leave-disabled",
      },
      ...base.rules,
    ],
  },
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
  if (policy === "sealed" && kind === "pin") return "restore";
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

/** Whether a policy leaves such keys disabled: nobody may have one started. */
export function leavesDisabled(policy: PolicyName, kind: KeyKind): boolean {
  return policy === "sealed" && kind === "pin";
}

/** Those whom a policy lets have a stopped key started: the approvers of its deletion, or everyone where no rule asks about that. */
export function startersOf(policy: PolicyName, kind: KeyKind): readonly PersonName[] {
  const isAsked = policy !== "strict" && ["pin", "derivation"].includes(kind);
  return isAsked ? custodians : [...custodians, "mallory"];
}

/** What a policy means for a change other than a deletion, in the words of the oracle. `none`: no rule is about it. */
export function meaningOfChange(
  policy: PolicyName,
  did: ChangeOfKey,
  by: PersonName,
): "allow" | "notify" | "ask" | "revert" | "none" {
  if (policy === "strict") return "none";
  const isCustodian = custodians.includes(by);
  if (did === "stop") return isCustodian ? "notify" : by === "reaper" ? "ask" : "revert";
  // The nightly job may point an alias at a key that does the same work.
  if (by === "reaper") return "allow";
  return isCustodian ? "ask" : "revert";
}

/** How many custodians have to approve a change that this person is to make: one more if the person is unknown. */
export function quorumOfChange(holder: PersonName): number {
  return holder === "reaper" ? 2 : 1;
}

/** How long people may decide about a change, and how long its permit may be used (ms). */
export const [decideMs, usePermitMs] = [4 * hour, 3 * hour];

/** The rule by which people are asked about, or may plan, a change by this person. */
export function ruleOfChange(operation: DecidedOperation, holder: PersonName): string {
  if (operation === "stop")
    return holder === "reaper" ? "stops-of-the-nightly-job-are-asked" : "stopped-keys-are-started";
  return custodians.includes(holder) ? "aliases-of-custodians-are-asked" : "aliases-are-pointed-back";
}
