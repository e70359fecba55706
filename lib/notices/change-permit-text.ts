import { type ChangePermit, foldChangePermit } from "../domain/approval/change-permit.ts";
import type { ChangePermitVerdict } from "../domain/approval/change-permit-command.ts";
import type { Chain } from "../domain/ledger/chain.ts";
import { changeNameText } from "../domain/ledger/change-name.ts";
import { changePermitText } from "../domain/ledger/change-permit-name.ts";
import type { Entry } from "../domain/ledger/entry.ts";
import { printableText } from "../domain/printable-text.ts";
import { approvedText, permitRefusals } from "./permit-text.ts";
import { timeText } from "./words.ts";

/** A line that people are notified of; `percent` of a reminder is the part of the time to decide that is over. */
export interface PermitLine {
  readonly text: string;
  readonly percent?: number;
}

/**
 * Returns a line for each entry of a permit for a change that people are notified of, the oldest first. `title` is what people call the subject. Holds plain text
 * that people wrote. INVARIANT: a longer chain only adds lines at the end.
 */
export function changePermitLines(chain: Chain, title: string): readonly PermitLine[] {
  const permit = foldChangePermit(chain);
  if (permit === undefined) return [];
  return chain.entries.flatMap((entry, n): readonly PermitLine[] => {
    if (entry.kind !== "approval-reminded") return lineOf(entry, permit, title).map((text) => ({ text }));
    const before = chain.entries.slice(0, n);
    const approvedBy = before.flatMap((each) => (each.kind === "permit-approved" ? each.person : []));
    return [{ text: reminderText(permit, entry.percent, approvedBy, title), percent: entry.percent }];
  });
}

function reminderText(permit: ChangePermit, percent: number, approvedBy: readonly string[], title: string): string {
  const { request } = permit;
  const handle = permitHandle(permit);
  const by = approvedBy.length === 0 ? "" : ` (${approvedBy.join(" and ")})`;
  const so = `${approvedBy.length} of ${request.quorum} approvals by ${request.from} so far${by}`;
  return `REMINDER, ${title}: ${percent} % of the time to decide is over. May ${whom(request)} make the change (${printableText(request.operation)})${toText(request)}? ${so}. Decide by ${timeText(request.deadline)}: reprieve approve '${handle}' or reprieve keep '${handle}'. Without enough approvals it stays as it is.`;
}

/** Returns the name by which people approve or refuse a permit: of a change that was undone, that of the change. */
export function permitHandle({ name }: Pick<ChangePermit, "name">): string {
  const { operation, subject, id } = name;
  return id.by === "change" ? changeNameText({ operation, subject, hour: id.hour }) : changePermitText(name);
}

function lineOf(entry: Entry, permit: ChangePermit, title: string): readonly string[] {
  const { request } = permit;
  switch (entry.kind) {
    case "change-permit-requested":
      return requestLines(permit, title);
    case "permit-approved":
      return [`${entry.person} approved the permit for ${title} (${reasonText(entry.reason)}).`];
    case "change-permit-issued":
      return [
        `The permit for ${title} is issued, approved by ${entry.approvedBy.join(" and ")}: ${whom(request)} may make the change once${toText(request)}, until ${timeText(entry.until)}. One person revokes it: reprieve permit revoke '${changePermitText(permit.name)}'`,
      ];
    case "change-permit-revoked":
      return [
        entry.refused
          ? `${entry.by} refused it: ${title} stays as it is.`
          : `${entry.by} revoked the permit for ${title}: it lets no change pass.`,
      ];
    default:
      return [];
  }
}

function requestLines(permit: ChangePermit, title: string): readonly string[] {
  const { request } = permit;
  const { person, reason, deadline, operation, from, quorum } = request;
  const handle = permitHandle(permit);
  const commands = `${quorum} of ${from} must approve. To decide: reprieve approve '${handle}' or reprieve keep '${handle}', until ${timeText(deadline)}. Without enough approvals it stays as it is.`;
  if (person === undefined)
    return [
      `MAY THIS CHANGE BE MADE AGAIN? ${title}: ${whom(request)} ${reasonText(reason)}. It was undone. If people approve, ${whom(request)} may make exactly this change once more.`,
      commands,
    ];
  return [
    `${person} requests a permit (${reasonText(reason)}): ${whom(request)} would change ${title} once (${printableText(operation)})${toText(request)}. Nothing is permitted yet.`,
    commands,
  ];
}

function whom({ user, principal }: ChangePermit["request"]): string {
  return user === undefined
    ? printableText(principal, 200)
    : `${printableText(user)} (${printableText(principal, 200)})`;
}

function toText({ to }: ChangePermit["request"]): string {
  if (to === undefined) return "";
  return to.text === undefined ? ", to the very state that was undone" : `, to ${printableText(to.text, 200)}`;
}

function reasonText(reason: string): string {
  return printableText(reason, 300);
}

/** Returns the answer to a command about a permit for a change. */
export function changePermitVerdictText(verdict: ChangePermitVerdict): string {
  switch (verdict.kind) {
    case "requested": {
      const name = changePermitText(verdict.name);
      return `Request recorded as ${name}. Nothing is permitted yet: ${verdict.quorum} of ${verdict.from} must approve it by ${timeText(verdict.deadline)}, each with: reprieve approve '${name}'`;
    }
    case "approved":
      return approvedText(verdict);
    case "issued":
      return `The permit is issued: the change may be made once, until ${timeText(verdict.until)}. One person revokes it: reprieve permit revoke`;
    case "revoked":
      return "Recorded. No change passes by this permit.";
    case "refused":
      return `Nothing has changed. ${refusalOf(verdict.why)}`;
  }
}

/** Refusals worded otherwise where a permit is for one. */
const refusals: Partial<typeof permitRefusals> = {
  "no-such-rule":
    "The policy has no rule about this operation that people approve, or several. Without one, add `approval: { from: GROUP, quorum: 1, within: 24h }` to the rule whose `when.operation` names it and whose `then` is `ask` or `revert` (policy/policy.yaml; local/policy.yaml in the local world), and deploy it. Of several, name one with --rule.",
  "too-many": "Too many requests for such a change are open already.",
  "no-such-permit": "Nobody was asked about this change, or there is no such permit; reprieve permit list names them.",
  "not-of-the-group": "You are not of the group that decides on such changes.",
  "own-permit": "The person who made the change, requests the permit or is to use it cannot approve it.",
  "too-late":
    "It was not decided in time: everything stays as it is. Request a permit: reprieve permit request --operation.",
  "used-already": "The permit is used: the change was made.",
};

function refusalOf(why: keyof typeof permitRefusals): string {
  return refusals[why] ?? permitRefusals[why];
}
