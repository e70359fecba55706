import type { GuardErrorCode } from "../domain/guard-error.ts";

/** Returns why a request was not judged, to the person who made it. */
export function unjudgedText(code: GuardErrorCode): string {
  switch (code) {
    case "CASE_UNKNOWN":
      return "There is no such case here any more, so nothing was recorded.";
    case "CASE_FULL":
      return "This case takes no more entries, so nothing was recorded. Its key is restored.";
    default:
      return `Nothing was recorded: the request could not be verified (${code}). Please try again.`;
  }
}
