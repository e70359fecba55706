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
    ...(over ? ["The pause is over: the guard acts again, also on what was deleted meanwhile."] : []),
  ];
}

/** Returns the answer to a request for a pause. */
export function pauseVerdictText(verdict: PauseVerdict): string {
  switch (verdict.kind) {
    case "requested":
      return `Your request is on record. Nothing is paused yet: a second person of ${verdict.from} has to say the same until ${timeText(verdict.deadline)}.`;
    case "granted":
      return `The guard is paused until ${timeText(verdict.until)}. ${suspended} One person ends it earlier: reprieve pause --end`;
    case "ended":
      return "The pause is ended. What was deleted meanwhile is looked at within five minutes.";
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
  "same-person": "You have asked already: a second person has to agree.",
  "paused-already": "The guard is paused already.",
  "nothing-to-end": "The guard is not paused, and nobody has asked for it.",
  "proof-expired": "The proof of your request had expired before it could be judged. Please request it again.",
};

function lineOf(entry: Entry): string | undefined {
  switch (entry.kind) {
    case "pause-requested":
      return `${entry.person} wants the guard paused for ${durationText(entry.forMs)} (${reasonText(entry)}). Nothing is paused yet: a second person has to say the same within an hour.`;
    case "pause-granted":
      return `The guard is paused until ${timeText(entry.until)}: approved by ${entry.person} (${reasonText(entry)}). ${suspended} One person ends it: reprieve pause --end`;
    case "pause-ended":
      return `${entry.person} has ended the pause (${reasonText(entry)}): the guard acts again, also on what was deleted meanwhile.`;
    default:
      return undefined;
  }
}

function reasonText({ reason }: { readonly reason: string }): string {
  return printableText(reason, 300);
}
