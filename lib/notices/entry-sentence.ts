import type { Entry, WhyUnconfirmed } from "../domain/ledger/entry.ts";
import { durationText, requesterText, timeText, voterText } from "./words.ts";

/**
 * What people are told of one entry, in a thread or a mail; undefined for what only the record needs. Plain text from events is in
 * it: whoever shows it escapes it.
 */
export function sentenceFor(entry: Entry): string | undefined {
  switch (entry.kind) {
    case "key-restored":
      return entry.how === "answered" ? undefined : "The key was found restored.";
    case "restored-by-others":
      return "The key was restored by somebody else; the guard had nothing to do.";
    case "deletion-superseded":
      return "The key was deleted anew: that is a case of its own.";
    case "key-usable":
      return `The key is usable again${entry.timeToUsableMs === undefined ? "" : `, ${durationText(entry.timeToUsableMs)} after it was deleted`}.${entry.despiteRule ? " Its rule wanted it left disabled: look at it now." : ""}`;
    case "key-left-disabled":
      return `The key is restored and still disabled: ${whyDisabled[entry.why]}.`;
    case "approval-requested":
      return `Asked: ${entry.quorum} of ${entry.from} have to approve, or one person keeps the key.`;
    case "approval-reminded":
      return `${entry.percent} % of the time to decide is over.`;
    case "vote-cast":
      return voteSentence(entry);
    case "approval-granted":
      return `Approved by ${entry.by.join(" and ")}.`;
    case "approval-refused":
      return `${entry.by} keeps the key${entry.afterApproval ? ", although its deletion was approved" : ""}.`;
    case "approval-expired":
      return "Nobody decided in time, so the key lives.";
    case "permit-issued":
      return `A permit: ${entry.permit.person ?? entry.permit.principal} may delete the key once, with as much notice, until ${timeText(entry.permit.until)}.`;
    case "permit-requested":
      return `${entry.person} asks for a permit: ${entry.subject ?? entry.principal} would delete the key, once.`;
    case "permit-approved":
      return `${entry.person} agrees to the permit.`;
    case "permit-withheld":
      return `No permit was issued: ${whyWithheld[entry.why]}. The key lives until its deletion is requested again.`;
    case "permit-used":
      return "This deletion uses up its permit.";
    case "permit-revoked":
      return `${entry.by} took the permit back.`;
    case "usage-start-requested":
      return `${entry.person} wants key usage started.`;
    case "deletion-allowed":
      return `The deletion is allowed by ${entry.by === "rule" ? "the rule" : `the ${entry.by}`}.`;
    case "key-destroyed":
      return "The key is destroyed.";
    case "effect-failed":
      return `${entry.effect === "restore" ? "Restoring the key" : "Starting key usage"} failed (${entry.code}, attempt ${entry.attempt}); it is tried again.`;
    case "key-state-unknown":
      return `The key is in a state that is not known (${entry.state}): look at it now.`;
    case "event-missed":
      return "No record of this deletion ever came, and CloudTrail has none: look whether its events still arrive.";
    case "requester-confirmed":
      return "CloudTrail confirms who asked for the deletion.";
    case "requester-unconfirmed":
      return whyUnconfirmed[entry.why];
    case "requester-learned":
      return `The deletion was requested by ${requesterText(entry.request.requester)}.`;
    case "deletion-detected":
    case "decided":
    case "restore-intended":
    case "usage-start-intended":
    case "pause-requested":
    case "pause-granted":
    case "pause-ended":
      return undefined;
  }
}

const whyDisabled: Readonly<Record<Extract<Entry, { kind: "key-left-disabled" }>["why"], string>> = {
  rule: "its rule says so",
  "stopped-before-deletion": "someone stopped its usage before it was deleted, which may be a response to a compromise",
  "disabled-in-inventory":
    "the last inventory saw it disabled before it was deleted, which may be a response to a compromise",
  "usage-changed-since": "its usage was changed since it was deleted",
  "no-evidence-that-it-was-enabled": "nothing says that it was enabled before",
  "start-failed": "starting its usage failed again and again",
};

const whyWithheld: Readonly<Record<Extract<Entry, { kind: "permit-withheld" }>["why"], string>> = {
  "requester-unknown": "the requester is not known",
  "approval-lapsed":
    "the approval no longer stands, because an approver turned out to have requested the deletion, or has left the group",
  "no-room-to-ask": "the key was deleted too often for the approvers to be asked again",
};

const whyUnconfirmed: Readonly<Record<WhyUnconfirmed, string>> = {
  "no-record":
    "CloudTrail has no such call, or a later one, so the key is restored: someone may have forged a record. Look at it now.",
  "record-differs":
    "CloudTrail's own record of the call differs, so the key is restored: someone may have forged a record. Look at it now.",
  "history-unreadable":
    "CloudTrail's event history could not be read in time to confirm the deletion again, so the key is restored. Delete it again once the history can be read.",
  "time-unknown":
    "The key's deletion time cannot be read, so nothing could confirm the deletion in time, and the key is restored. Look at it now.",
};

/** A vote that does not count is told to its voter alone. */
function voteSentence({ vote, person, refused }: Extract<Entry, { kind: "vote-cast" }>): string | undefined {
  if (refused !== undefined) return undefined;
  const what = vote.choice === "approve" ? "approves the deletion" : "wants to keep the key";
  const reason = vote.reason === undefined || vote.reason === "" ? "" : `: ${vote.reason}`;
  return `${person ?? voterText(vote.voter)} ${what}${reason}.`;
}
