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
      return countedText(verdict);
  }
}

function countedText(verdict: Extract<VoteVerdict, { kind: "counted" }>): string {
  switch (verdict.state) {
    case "kept":
      return "Vote recorded: you keep the key. One person is enough.";
    case "requested":
      return "Request recorded. The guard starts the key's usage; the result follows with the case.";
    case "granted":
      return `Vote recorded: ${countText(verdict)}. The deletion is approved.`;
    case "waiting":
      return `Vote recorded: ${countText(verdict)}. Nothing is approved yet: ${Math.max(1, verdict.quorum - verdict.approvals)} more must approve.`;
  }
}

function countText({ approvals, quorum }: { readonly approvals: number; readonly quorum: number }): string {
  return `${approvals} of ${quorum} approvals`;
}
