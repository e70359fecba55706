import type { Effect } from "./decision.ts";

/**
 * How strongly an effect protects a key, most telling part first: restore > ask > allow; usage resumed > left disabled; restored
 * while people decide > pending; higher quorum; shorter time to decide; shorter permit.
 */
export function strictnessOf(effect: Effect): readonly number[] {
  switch (effect.outcome) {
    case "allow":
      return [0, 0, 0, 0, 0, 0];
    case "ask": {
      const { meanwhile, quorum, withinMs, permitForMs } = effect.approval;
      return [1, usageRank(effect.usage), meanwhile === "restored" ? 1 : 0, quorum, -withinMs, -permitForMs];
    }
    case "restore":
      return [2, usageRank(effect.usage), 0, 0, 0, 0];
  }
}

function usageRank(usage: "resume" | "leave-disabled"): number {
  return usage === "resume" ? 1 : 0;
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
