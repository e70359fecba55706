import type { RecordedHeldBack } from "../domain/ledger/recorded-held-back.ts";
import { durationText } from "./words.ts";

/** Returns why a rule did not decide: a label counts toward a weaker outcome only once the inventory has seen it for long enough. */
export function heldBackText({ rule, condition, why, minAgeMs }: RecordedHeldBack): string {
  return `rule ${rule} did not apply: ${condition} ${reasons[why]}, and counts only after ${durationText(minAgeMs)}`;
}

const reasons = {
  "too-new": "is too new in the inventory of keys",
  "not-seen": "is not in the inventory of keys",
  unreadable: "cannot be looked up in the inventory of keys",
} as const satisfies Record<RecordedHeldBack["why"], string>;
