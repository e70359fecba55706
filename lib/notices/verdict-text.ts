import type { VoteVerdict } from "../domain/dual-control.ts";
import { refusalTexts } from "./words.ts";

/** What became of a vote, to the one who cast it. */
export function verdictText(verdict: VoteVerdict): string {
  switch (verdict.kind) {
    case "repeated":
      return "Your vote is on record already; it counts once.";
    case "kept-already":
      return `The key is kept already, by ${verdict.by}: no permit requested before that lets a deletion pass. A deletion since then has a message of its own.`;
    case "refused":
      return `Your vote does not count. ${refusalTexts[verdict.why]}`;
    case "counted":
      return verdictTexts[verdict.state];
  }
}

const verdictTexts = {
  waiting: "Your word is on record.",
  granted: "Your vote is on record, and with it the deletion is approved.",
  kept: "Your vote is on record: the key is kept.",
} as const;
