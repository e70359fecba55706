import type { VoteVerdict } from "../domain/approval/dual-control.ts";
import { refusalTexts } from "./words.ts";

/** What happened to a vote, to the one who cast it. */
export function verdictText(verdict: VoteVerdict): string {
  switch (verdict.kind) {
    case "repeated":
      return "Your vote is on record already; it counts once.";
    case "kept-already":
      return `${verdict.by} has kept this key already: no earlier permit lets a deletion pass. A newer deletion has its own message.`;
    case "refused":
      return `Your vote does not count. ${refusalTexts[verdict.why]}`;
    case "counted":
      return verdictTexts[verdict.state];
  }
}

const verdictTexts = {
  waiting: "Vote recorded.",
  granted: "Your vote is on record, and with it the deletion is approved.",
  kept: "Your vote is on record: the key is kept.",
} as const;
