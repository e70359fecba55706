import { foldPause, type PauseRefusal, type PauseVerdict } from "../domain/approval/pause.ts";
import type { Chain } from "../domain/ledger/chain.ts";
import type { Entry } from "../domain/ledger/entry.ts";
import { printableText } from "../domain/printable-text.ts";
import { durationText, timeText } from "./words.ts";

/** Returns a line for each change of a pause up to `now` (ms), the oldest first. Holds plain text that people wrote. */
export function pauseLines(chain: Chain, now: number): readonly string[] {
  const pause = foldPause(chain);
  const over = pause?.granted !== undefined && pause.endedBy === undefined && pause.granted.until <= now;
  return [
    ...chain.entries.flatMap((entry) => lineOf(entry) ?? []),
    ...(over ? ["The pause is over: the guard acts again, also on keys that were deleted meanwhile."] : []),
  ];
}

/** Returns the answer to a request for a pause. */
export function pauseVerdictText(verdict: PauseVerdict): string {
  switch (verdict.kind) {
    case "requested":
      return `Request recorded. Nothing is paused yet: a second person of ${verdict.from} must request the same by ${timeText(verdict.deadline)}.`;
    case "granted":
      return `The guard is paused until ${timeText(verdict.until)}. ${suspended} One person ends it earlier: reprieve pause --end`;
    case "ended":
      return "The pause is over. Keys that were deleted meanwhile are checked within five minutes.";
    case "refused":
      return `Nothing has changed. ${refusals[verdict.why]}`;
  }
}

const suspended =
  "Enforcement is suspended: deleted keys are NOT restored, except keys less than 24 h from destruction.";

const refusals: Readonly<Record<PauseRefusal, string>> = {
  "no-pauses":
    "The policy of this stack names nobody who may pause it; to stop it, deploy a policy with mode: observe.",
  stranger: "You are not in the policy's directory of people.",
  "not-of-the-group": "You are not of the group that may pause the guard.",
  "too-long": "The policy does not allow so long a pause.",
  "same-person": "You requested it already: a second person must request the same.",
  "paused-already": "The guard is paused already.",
  "nothing-to-end": "The guard is not paused, and no pause is requested.",
  "proof-expired": "The proof of your request had expired before it could be judged. Please request it again.",
};

function lineOf(entry: Entry): string | undefined {
  switch (entry.kind) {
    case "pause-requested":
      return `${entry.person} requests a pause of the guard for ${durationText(entry.forMs)} (${reasonText(entry)}). Nothing is paused yet: a second person must request the same within an hour.`;
    case "pause-granted":
      return `The guard is paused until ${timeText(entry.until)}: approved by ${entry.person} (${reasonText(entry)}). ${suspended} One person ends it: reprieve pause --end`;
    case "pause-ended":
      return `${entry.person} ended the pause (${reasonText(entry)}): the guard acts again, also on keys that were deleted meanwhile.`;
    default:
      return undefined;
  }
}

function reasonText({ reason }: { readonly reason: string }): string {
  return printableText(reason, 300);
}
