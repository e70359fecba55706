import type { VoteVerdict } from "../domain/approval/dual-control.ts";
import { verdictText } from "./verdict-text.ts";
import { refusalTexts } from "./words.ts";

/** Returns the answer to a request to start a stopped key. */
export function keyStartText(verdict: VoteVerdict): string {
  if (verdict.kind === "counted")
    return "Request recorded. The key is started if it is still as that stop left it; the result follows.";
  if (verdict.kind === "repeated") return "Someone requested this already; the result is in the thread of the change.";
  if (verdict.kind !== "refused") return verdictText(verdict);
  const why = refusals[verdict.why] ?? refusalTexts[verdict.why];
  return `Nothing is started. ${why}`;
}

const refusals: Partial<typeof refusalTexts> = {
  "proof-not-accepted":
    "The rule counts only people who are proven in another way: use the command reprieve start-key, or see approval.proof in the policy.",
  "too-late":
    "This key is not offered to be started: a rule leaves it disabled, the stop was undone, or the stack only observed. To start it by hand: aws payment-cryptography start-key-usage.",
};
