import { foldChange } from "../domain/change/change-state.ts";
import type { Chain } from "../domain/ledger/chain.ts";
import type { Entry, EntryOf, WhyLeftDisabled } from "../domain/ledger/entry.ts";
import { isUndoing } from "../domain/policy/change-outcome.ts";
import { printableText } from "../domain/printable-text.ts";
import { changeAdvice, undoneText } from "./change-advice.ts";
import { whyLeftText } from "./why-left-text.ts";
import { actorText, durationText, timeText } from "./words.ts";

type Detected = EntryOf<"change-detected">;
type Judged = EntryOf<"change-judged">;

/** How many changes of one hour people are notified of one by one: an automation may change a tag every minute. */
const maxTold = 3;

/**
 * Returns the lines that people are notified of, the oldest first: each change with what to do about it, and its outcome. What is routine, or allowed
 * by a rule, has no line. After three changes in an hour a line says that there are more. Grave ones are counted apart: three harmless changes must
 * not silence one. INVARIANT: a longer chain only adds lines at the end. Holds plain text that others chose.
 */
export function changeLines(chain: Chain, title: string): readonly string[] {
  const lines: string[] = [];
  const told = { grave: 0, other: 0 };
  const changes: { readonly change: Detected; readonly isTold: boolean }[] = [];
  for (const [n, entry] of chain.entries.entries()) {
    const change = chain.entries[n - 1];
    if (entry.kind === "change-judged" && change?.kind === "change-detected") {
      if (entry.outcome === "allow") {
        changes.push({ change, isTold: false });
        continue;
      }
      const weight = entry.weight === "grave" ? "grave" : "other";
      told[weight] += 1;
      const isTold = told[weight] <= maxTold;
      changes.push({ change, isTold });
      const isFirst = told.grave + told.other === 1;
      if (isTold) lines.push(...judgedLines(change, entry, title), ...(isFirst ? [detailsLine(chain)] : []));
      else if (told[weight] === maxTold + 1) lines.push(`${title}: ${more[weight]}`);
    } else if (entry.kind === "changes-crowded") lines.push(`ATTENTION, ${title}: ${crowded}`);
    else {
      const eventId = "eventId" in entry ? entry.eventId : undefined;
      const ended = changes.findLast((each) => eventId === undefined || each.change.eventId === eventId);
      if (ended !== undefined && (ended.isTold || isOvertaken(entry)))
        lines.push(...endLines(entry, ended.change, title));
    }
  }
  return lines;
}

const more = {
  other: "more changes follow within this hour. They are on record, and not reported one by one.",
  grave: "more serious changes follow within this hour. They are on record, and not reported one by one.",
};
const crowded =
  "more changes within this hour than are recorded. From here on the stack judges and undoes grave ones only, and no more than twelve: look at CloudTrail now, and stop the principal that makes them.";

function detailsLine({ name }: Chain): string {
  return `Details: reprieve changes show '${name}'`;
}

/** Returns the key that the chain of a change is about, where it is known. */
export function changedKeyArn(chain: Chain): Detected["keyArn"] {
  return foldChange(chain)?.detected.findLast(({ keyArn }) => keyArn !== undefined)?.keyArn;
}

function judgedLines(change: Detected, judged: Judged, title: string): readonly string[] {
  const { requester, says, changedAt, sourceIp, call } = change;
  const person = printableText(actorText(requester), 200);
  const origin = sourceIp === undefined ? "" : ` from ${printableText(sourceIp, 64)}`;
  const by =
    call === undefined
      ? `seen by the inventory at ${timeText(changedAt)}`
      : `${printableText(call, 64)} at ${timeText(changedAt)}${origin}`;
  const attention = judged.weight === "grave" ? "ATTENTION, " : "";
  const line = `${attention}${title}: ${person} ${printableText(says, 400)} (${by}).`;
  return [line, `${nextText(judged)}${isLeft(judged) ? ` ${changeAdvice(change)}` : ""}${startText(judged)}`];
}

/** Where Slack proves nobody, no button has the key started. */
function startText({ starters, startProof, chain }: Judged): string {
  if (starters === undefined || startProof === undefined || startProof.includes("slack")) return "";
  return ` To have it started, with a proof by AWS: reprieve start-key '${chain}'.`;
}

/** Whether a change stands, and people should know what to do. */
function isLeft({ outcome, weight, mode }: Judged): boolean {
  return isUndoing(outcome) ? mode === "observe" : weight === "grave";
}

function nextText({ outcome, rule, weight, doubt, mode, pause }: Judged): string {
  if (doubt !== undefined)
    return `Nothing undoes it: rule ${printableText(doubt.rule)} may be about it, but ${printableText(doubt.condition)} cannot be settled. Look at it now.`;
  if (outcome === "notify") return weight === "grave" ? "Nothing undoes it. Look at it now." : "Nothing is undone.";
  if (mode === "enforce")
    return `Rule ${printableText(rule)} undoes it; the result follows${outcome === "ask" ? ", and people are asked whether it may be made again" : ""}.`;
  const why = pause === undefined ? "the stack only observes" : "enforcement is suspended by a pause";
  return `NOT UNDONE: rule ${printableText(rule)} would undo it, but ${why}.`;
}

const overtaken =
  "No rule wanted that undone, but its record came after that of a later change, which was undone to the state before both. Make it again if it is to stand.";

function isOvertaken(entry: Entry): boolean {
  return entry.kind === "revert-left" && entry.why === "overtaken";
}

function endLines(entry: Entry, change: Detected, title: string): readonly string[] {
  if (entry.kind === "change-reverted") {
    const after = durationText(entry.revertedAfterMs);
    return [`${title}: undone ${after} after the change: ${undoneText(change.operation)}. Nothing to do.`];
  }
  if (entry.kind === "usage-start-requested")
    return [`${title}: ${entry.person} wants it started (${printableText(entry.reason ?? "", 300)}).`];
  if (entry.kind === "key-usable") return [`${title}: started on request. The key can be used again.`];
  if (entry.kind === "key-left-disabled")
    return [`ATTENTION, ${title}: NOT STARTED ON REQUEST: ${whyNotStarted(entry.why)}. It stays stopped.`];
  if (isOvertaken(entry)) {
    const did = `${printableText(actorText(change.requester), 200)} ${printableText(change.says, 500)}`;
    return [`ATTENTION, ${title}: UNDONE WITH A LATER CHANGE: ${did}. ${overtaken}`];
  }
  // That the stack observes, or is paused, was said with the change itself.
  if (entry.kind !== "revert-left" || entry.why === "observe" || entry.why === "paused") return [];
  const code = entry.code === undefined ? "" : ` (${printableText(entry.code, 64)})`;
  if (!entry.stands) return [`${title}: ${whyLeftText(entry.why)}${code}. Nothing to do.`];
  return [`ATTENTION, ${title}: NOT UNDONE: ${whyLeftText(entry.why)}${code}.`, changeAdvice(change)];
}

function whyNotStarted(why: WhyLeftDisabled): string {
  if (why === "usage-changed-since") return "someone stopped it again since, which may be a response to a compromise";
  if (why === "rule")
    return "the policy in force does not let that person start it, or its deletion was scheduled since";
  return "starting its usage failed, and people may request it again";
}
