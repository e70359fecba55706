import { foldChange } from "../domain/change/change-state.ts";
import type { Chain } from "../domain/ledger/chain.ts";
import type { Entry, EntryOf, WhyRevertLeft } from "../domain/ledger/entry.ts";
import { printableText } from "../domain/printable-text.ts";
import { durationText, requesterText, timeText } from "./words.ts";

/** How many changes of one hour people are notified of one by one: an automation may change a tag every minute. */
const maxTold = 3;

/**
 * Returns a line for each change that people are notified of, and for its outcome, the oldest first; of more than three in an hour a last one says
 * that there are more. `title` names the subject. What is routine, or allowed by a rule, has no line. Holds plain text that others chose.
 */
export function changeLines(chain: Chain, title: string): readonly string[] {
  const lines: string[] = [];
  let told = 0;
  for (const [n, entry] of chain.entries.entries()) {
    const change = chain.entries[n - 1];
    if (entry.kind === "change-judged" && change?.kind === "change-detected") {
      if (entry.outcome === "allow") continue;
      told += 1;
      if (told <= maxTold) lines.push(judgedLine(change, entry, title));
      if (told === maxTold + 1) lines.push(`${title}: ${more}`);
    } else if (told <= maxTold) lines.push(...endLines(entry, title));
  }
  return lines;
}

const more = "more changes follow within this hour. They are on record or in CloudTrail, and not reported one by one.";

/** Returns the key that the chain of a change is about, where it is known. */
export function changedKeyArn(chain: Chain): EntryOf<"change-detected">["keyArn"] {
  return foldChange(chain)?.detected.findLast(({ keyArn }) => keyArn !== undefined)?.keyArn;
}

function judgedLine(
  { requester, says, changedAt, sourceIp, call }: EntryOf<"change-detected">,
  { outcome, rule, weight, doubt, mode }: EntryOf<"change-judged">,
  title: string,
): string {
  const person = requester === undefined ? "Someone" : printableText(requesterText(requester), 200);
  const origin = sourceIp === undefined ? "" : ` from ${printableText(sourceIp, 64)}`;
  const by =
    call === undefined ? "seen by the inventory" : `${printableText(call, 64)} at ${timeText(changedAt)}${origin}`;
  const next = {
    allow: "",
    notify: weight === "grave" ? "Nothing undoes it: look at it now." : "Nothing is undone.",
    revert: mode === "enforce" ? `Rule ${rule} undoes it.` : `Rule ${rule} would undo it; the stack only observes.`,
  }[outcome];
  const open =
    doubt === undefined
      ? ""
      : ` Rule ${printableText(doubt.rule)} may be about it, but ${printableText(doubt.condition)} cannot be settled.`;
  return `${weight === "grave" ? "ATTENTION: " : ""}${title}: ${person} ${printableText(says, 500)} (${by}). ${next}${open}`;
}

function endLines(entry: Entry, title: string): readonly string[] {
  if (entry.kind === "change-reverted") return [`${title}: undone after ${durationText(entry.revertedAfterMs)}.`];
  if (entry.kind !== "revert-left" || !entry.stands || entry.why === "observe") return [];
  const code = entry.code === undefined ? "" : ` (${printableText(entry.code, 64)})`;
  return [`${title}: NOT UNDONE: ${whyLeft[entry.why]}${code}.`];
}

const whyLeft: Readonly<Record<WhyRevertLeft, string>> = {
  observe: "the stack only observes",
  paused: "the guard is paused",
  "before-unknown": "what it was before is not known",
  "after-unknown": "the record does not say what it became",
  "state-unknown": "the stack may not look at it, or got no answer",
  "changed-since": "it was changed again since",
  "same-as-before": "it is as it was before",
  "reverted-within-the-hour": "it was undone within the last hour already, and changed again: people decide now",
  "no-way-back": "no call undoes it",
  "too-old": "it happened more than a day ago",
  denied: "the stack may not undo it",
  refused: "AWS refuses to undo it",
  "came-back": "it was changed again as soon as it was undone",
};
