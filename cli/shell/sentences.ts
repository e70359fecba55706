import type { createColors } from "picocolors";
import type { Entry } from "../../lib/domain/ledger/entry.ts";
import { principalOf, type Requester } from "../../lib/domain/people/requester.ts";
import { voterName } from "../../lib/domain/people/vote.ts";
import { printableText } from "../../lib/domain/printable-text.ts";
import { minuteMs } from "../../lib/domain/time.ts";

/** What colours a terminal's text, or leaves it plain. */
export type Colours = ReturnType<typeof createColors>;

/** One entry of a case in words, for a terminal. Text from events is escaped. */
export function sentenceOf(entry: Entry, pc: Colours): string {
  switch (entry.kind) {
    case "deletion-detected":
      return `deletion detected${entry.request ? `, requested by ${nameOf(entry.request.requester)}` : ""}`;
    case "requester-learned":
      return `requester learned: ${nameOf(entry.request.requester)}`;
    case "event-missed":
      return pc.yellow("no record of the deletion came, and CloudTrail has none");
    case "requester-confirmed":
      return "requester confirmed by CloudTrail";
    case "requester-unconfirmed":
      return pc.red(`requester not confirmed by CloudTrail: ${words(entry.why)}`);
    case "key-state-unknown":
      return pc.red(`the key is in a state that is not known: ${printableText(entry.state)}`);
    case "decided":
      return `decided: ${pc.bold(entry.effect.outcome)} by rule ${pc.cyan(entry.rule)}${observed(entry)}`;
    case "restore-intended":
      return entry.late ? "restore intended, late" : "restore intended";
    case "key-restored":
      return `key restored, ${entry.enabled ? "enabled" : "still disabled"}${entry.how === "answered" ? "" : ` (${entry.how})`}`;
    case "restored-by-others":
      return "restored by others";
    case "deletion-superseded":
      return "a newer deletion of the same key takes its place";
    case "usage-start-intended":
      return `start of key usage intended: ${words(entry.evidence)}`;
    case "key-usable":
      return pc.green(
        `key usable again${entry.timeToUsableMs === undefined ? "" : ` after ${seconds(entry.timeToUsableMs)}`}`,
      );
    case "key-left-disabled":
      return pc.yellow(`key left disabled: ${words(entry.why)}`);
    case "approval-requested":
      return `people are asked: ${pc.bold(`${entry.quorum} of ${printableText(entry.from)}`)} may let the key die, one may keep it`;
    case "approval-reminded":
      return `${entry.percent} % of the time to decide is over: reminded`;
    case "vote-cast":
      return voteSentence(entry, pc);
    case "approval-granted":
      return pc.yellow(`approved by ${entry.by.map((person) => printableText(person)).join(" and ")}`);
    case "approval-refused":
      return pc.green(
        `${printableText(entry.by)} keeps the key${entry.afterApproval ? ", after it was approved" : ""}`,
      );
    case "approval-expired":
      return "nobody decided in time: the key lives";
    case "permit-issued":
      return pc.yellow(
        `permit issued to ${printableText(entry.permit.person ?? entry.permit.principal)}: one deletion`,
      );
    case "permit-withheld":
      return `no permit: ${words(entry.why)}`;
    case "permit-used":
      return "permit used";
    case "permit-revoked":
      return `permit taken back by ${printableText(entry.by)}`;
    case "permit-requested":
      return `${printableText(entry.person)} asks for a permit to delete the key, for ${printableText(entry.subject ?? entry.principal)}`;
    case "permit-approved":
      return pc.yellow(`${printableText(entry.person)} agrees to the permit`);
    case "usage-start-requested":
      return `${printableText(entry.person)} wants key usage started`;
    case "pause-requested":
      return pc.yellow(`${printableText(entry.person)} wants the guard paused for ${entry.forMs / minuteMs} min`);
    case "pause-granted":
      return pc.yellow(`${printableText(entry.person)} agrees: the guard is paused`);
    case "pause-ended":
      return pc.green(`${printableText(entry.person)} ends the pause`);
    case "deletion-allowed":
      return pc.yellow(`deletion allowed by ${entry.by}`);
    case "key-destroyed":
      return pc.red(`key destroyed (${words(entry.how)})`);
    case "effect-failed":
      return pc.red(`${words(entry.effect)} failed: ${printableText(entry.code)} (attempt ${entry.attempt})`);
  }
}

function observed({ mode, pause }: Extract<Entry, { kind: "decided" }>): string {
  if (mode === "enforce") return "";
  return pause === undefined ? " (observe only)" : " (the guard is paused)";
}

function voteSentence({ vote, person, refused }: Extract<Entry, { kind: "vote-cast" }>, pc: Colours): string {
  const who = printableText(person ?? voterName(vote.voter), 60);
  const what = vote.choice === "approve" ? "approves the deletion" : "wants to keep the key";
  const reason = vote.reason === undefined ? "" : `: ${printableText(vote.reason, 80)}`;
  return refused === undefined
    ? `${who} ${what}${reason}`
    : pc.dim(`${who} ${what}, which does not count (${words(refused)})`);
}

/** Who it was, as short as it is clear: the session of a role, or the last part of an ARN. */
function nameOf(requester: Requester): string {
  const last = principalOf(requester).split("/").at(-1) ?? "";
  const name = requester.kind === "role-session" && requester.permissionSet ? (requester.sessionName ?? last) : last;
  return printableText(name, 60);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function words(name: string): string {
  return name.replaceAll("-", " ");
}
