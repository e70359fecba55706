import type { Decision, HeldBack } from "../policy/decision.ts";
import { wellFormed } from "../well-formed.ts";

/** The rule that did not decide because labels of the key are too new, as an entry records it. */
export interface RecordedHeldBack extends HeldBack {
  /** How long (ms) the inventory has to have seen a label before it counts toward a weaker outcome. */
  readonly minAgeMs: number;
}

const maxConditionBytes = 256;

/** Returns what an entry records of the rule that was held back, if one was. */
export function recordedHeldBack(
  { heldBack }: Pick<Decision, "heldBack">,
  minAgeMs: number,
): { readonly heldBack?: RecordedHeldBack } {
  if (heldBack === undefined) return {};
  return { heldBack: { ...heldBack, condition: wellFormed(heldBack.condition, maxConditionBytes), minAgeMs } };
}
