import type { RequestVerdict } from "../domain/approval/person-request.ts";
import { changePermitVerdictText } from "./change-permit-text.ts";
import { keyStartText } from "./key-start-text.ts";
import { pauseVerdictText } from "./pause-text.ts";
import { permitVerdictText } from "./permit-text.ts";
import { unjudgedText } from "./unjudged-text.ts";
import { verdictText } from "./verdict-text.ts";

const exportTexts = {
  recorded: "The export is on the audit trail.",
  stranger: "The export is not on the audit trail: you are not in the policy's directory of people.",
  "proof-expired": "The export is not on the audit trail: the request is too old to be verified. Export again.",
} as const;

/** Returns the verdict on a request as text for the person who made it. */
export function requestText({ about, verdict }: RequestVerdict): string {
  switch (about) {
    case "case":
      return verdictText(verdict);
    case "pause":
      return pauseVerdictText(verdict);
    case "permit":
      return permitVerdictText(verdict);
    case "export":
      return exportTexts[verdict.kind === "recorded" ? verdict.kind : verdict.why];
    case "change-permit":
      return changePermitVerdictText(verdict);
    case "key-start":
      return keyStartText(verdict);
    case "nothing":
      return unjudgedText(verdict.why);
  }
}
