import type { VoteVerdict } from "../domain/approval/dual-control.ts";
import { refusalTexts } from "./words.ts";

/** What happened to a vote, to the one who cast it. */
export function verdictText(verdict: VoteVerdict): string {
  switch (verdict.kind) {
    case "repeated":
      return "This vote is recorded already; it counts once.";
    case "kept-already":
      return `${verdict.by} keeps this key already: no earlier permit lets a deletion pass. A newer deletion has its own message.`;
    case "refused":
      return `This vote does not count. ${refusalTexts[verdict.why]}`;
    case "counted":
      return verdictTexts[verdict.state];
  }
}

const verdictTexts = {
  waiting: "Vote recorded.",
  granted: "Vote recorded. The deletion is approved.",
  kept: "Vote recorded. The key stays.",
} as const;
