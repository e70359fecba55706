import { voteWays } from "../people/vote.ts";
import type { Approval, Effect } from "./decision.ts";

/**
 * How strongly an effect protects a key, most telling part first: restore > ask > allow; usage resumed > left disabled; restored
 * while people decide > pending; higher quorum; fewer ways to prove a vote, AWS alone before Slack alone; shorter time to decide; shorter permit.
 */
export function strictnessOf(effect: Effect): readonly number[] {
  switch (effect.outcome) {
    case "allow":
      return [0, 0, 0, 0, 0, 0, 0];
    case "ask": {
      const { meanwhile, quorum, proof, withinMs, permitForMs } = effect.approval;
      const stays = meanwhile === "restored" ? 1 : 0;
      return [1, usageRank(effect.usage), stays, quorum, proofRank(proof), -withinMs, -permitForMs];
    }
    case "restore":
      return [2, usageRank(effect.usage), 0, 0, 0, 0, 0];
  }
}

function usageRank(usage: "resume" | "leave-disabled"): number {
  return usage === "resume" ? 1 : 0;
}

/** Who holds Slack's signing secret can forge a vote by Slack; nobody can forge one that AWS proves. */
function proofRank(proof: Approval["proof"]): number {
  return proof === undefined ? 0 : proof.includes("aws") ? 2 : 1;
}

/** Negative when `a` protects a key less than `b`, 0 when they protect it alike. */
export function compareStrictness(a: Effect, b: Effect): number {
  const other = strictnessOf(b);
  const difference = strictnessOf(a).map((rank, n) => rank - (other[n] ?? 0));
  return difference.find((each) => each !== 0) ?? 0;
}

/** The one of two decisions that protects the key more; `a` when they do alike. */
export function stricter<Decision extends { readonly effect: Effect }>(a: Decision, b: Decision): Decision {
  return compareStrictness(a.effect, b.effect) >= 0 ? a : b;
}

/** Returns whether two effects do the same to a key, and ask the same people. */
export function sameEffect(a: Effect, b: Effect): boolean {
  const sameGroup = a.outcome !== "ask" || b.outcome !== "ask" || a.approval.from === b.approval.from;
  return sameGroup && compareStrictness(a, b) === 0;
}

/** Returns whether `own` is weaker as a whole, or in one respect although stronger as a whole: disabled, fewer approvers, a proof of votes more, unusable while people decide. */
export function isWeakerInAnything(own: Effect, later: Effect): boolean {
  if (compareStrictness(own, later) < 0) return true;
  if (own.outcome === "allow" || later.outcome === "allow") return false;
  if (own.usage === "leave-disabled" && later.usage === "resume") return true;
  if (own.outcome !== "ask" || later.outcome !== "ask") return false;
  const { quorum, meanwhile, proof } = later.approval;
  if (own.approval.quorum < quorum || (own.approval.meanwhile === "pending" && meanwhile === "restored")) return true;
  return proof !== undefined && (own.approval.proof ?? voteWays).some((way) => !proof.includes(way));
}
