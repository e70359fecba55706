import type { RequestVerdict } from "../domain/approval/person-request.ts";
import { changePermitVerdictText } from "./change-permit-text.ts";
import { keyStartText } from "./key-start-text.ts";
import { pauseVerdictText } from "./pause-text.ts";
import { permitVerdictText } from "./permit-text.ts";
import { unjudgedText } from "./unjudged-text.ts";
import { verdictText } from "./verdict-text.ts";

/** Returns the verdict on a request as text for the person who made it. */
export function requestText({ about, verdict }: RequestVerdict): string {
  switch (about) {
    case "case":
      return verdictText(verdict);
    case "pause":
      return pauseVerdictText(verdict);
    case "permit":
      return permitVerdictText(verdict);
    case "change-permit":
      return changePermitVerdictText(verdict);
    case "key-start":
      return keyStartText(verdict);
    case "nothing":
      return unjudgedText(verdict.why);
  }
}
