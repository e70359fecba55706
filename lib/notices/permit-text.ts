import type { PermitRefusal, PermitVerdict } from "../domain/approval/permit-command.ts";
import { foldPlannedPermit, type PlannedPermit } from "../domain/approval/planned-permit.ts";
import type { Chain } from "../domain/ledger/chain.ts";
import type { Entry } from "../domain/ledger/entry.ts";
import { permitNameText } from "../domain/ledger/permit-name.ts";
import { printableText } from "../domain/printable-text.ts";
import { durationText, timeText } from "./words.ts";

/** Returns a line for each change of a permit that was requested before the deletion, the oldest first. `key` is what people call the key. Holds plain text that people wrote. */
export function permitLines(chain: Chain, key: string): readonly string[] {
  const permit = foldPlannedPermit(chain);
  return permit === undefined ? [] : chain.entries.flatMap((entry) => lineOf(entry, permit, key) ?? []);
}

/** Returns the answer to a permit command. */
export function permitVerdictText(verdict: PermitVerdict): string {
  switch (verdict.kind) {
    case "requested":
      return `Request recorded as ${permitNameText(verdict.name)}. Nothing is permitted yet: ${verdict.quorum} of ${verdict.from} must approve it by ${timeText(verdict.deadline)}, each with: reprieve permit approve ${permitNameText(verdict.name)}`;
    case "approved":
      return approvedText(verdict);
    case "issued":
      return `The permit is issued: one deletion, until ${timeText(verdict.until)}. One person revokes it: reprieve permit revoke`;
    case "revoked":
      return "The permit is revoked: it lets no deletion pass.";
    case "refused":
      return `Nothing has changed. ${permitRefusals[verdict.why]}`;
  }
}

/** Returns the answer to an approval that does not complete the quorum. */
export function approvedText({ approvals, quorum, from }: Extract<PermitVerdict, { kind: "approved" }>): string {
  const missing = Math.max(1, quorum - approvals);
  return `Approval recorded: ${approvals} of ${quorum}. Nothing is permitted yet: ${missing} more of ${from} must approve.`;
}

export const permitRefusals: Readonly<Record<PermitRefusal, string>> = {
  stranger: "You are not in the policy's directory of people.",
  "foreign-key": "The key is of another account or region than this stack guards.",
  "no-such-rule":
    "The policy has no rule of that name that asks people, or several: name the one that holds for the key with --rule.",
  "unknown-person": "The policy's directory knows no AWS identity of that person.",
  "role-id-needed":
    "A permit for a role names its unique id too, so that a role created later under the same ARN cannot use it: --role-id AROA... (aws iam get-role prints it as RoleId). A user has none.",
  "person-needed": "A role of IAM Identity Center is shared by many: name the person with --person.",
  unreachable:
    "The quorum cannot be reached: too few eligible approvers besides you and the permit's user. Name the user with --person, or let someone else request it.",
  "too-many": "Too many requests for this key are open already.",
  "no-such-permit": "There is no such permit; reprieve permit list names them.",
  "not-of-the-group": "You are not of the group that decides on deletions of this key.",
  "own-permit": "The requester and the user of a permit cannot approve it.",
  "proof-not-accepted": "The rule counts approvals proven in another way only; see approval.proof in the policy.",
  "already-approved": "You approved it already: other people must approve it too.",
  "reason-missing": "Give a reason or a ticket: it is recorded.",
  "too-late": "It was not approved in time. Request a new one.",
  "issued-already": "The permit is issued already.",
  "kept-since":
    "The key was kept after this permit was requested, which revokes it: it lets no deletion pass. Request a new one.",
  "used-already": "The permit is used: the deletion took its course. To stop that one, keep the key: reprieve keep.",
  "revoked-already": "The permit is revoked already.",
  "proof-expired": "The proof of your command had expired before it could be judged. Please send it again.",
};

function lineOf(entry: Entry, permit: PlannedPermit, key: string): string | undefined {
  switch (entry.kind) {
    case "permit-requested": {
      const whom = `${printableText(entry.subject ?? "unknown person")} (${printableText(entry.principal)}${entry.roleId === undefined ? "" : `, ${printableText(entry.roleId)}`})`;
      return `${entry.person} requests a permit (${reasonText(entry)}): ${whom} would delete ${key} once, with ${durationText(entry.minWaitingMs)} of notice. Nothing is permitted yet: reprieve permit approve ${permitNameText(permit)}`;
    }
    case "permit-approved":
      return `${entry.person} approved the permit for ${key} (${reasonText(entry)}).`;
    case "permit-issued":
      return `The permit for ${key} is issued, approved by ${entry.permit.approvedBy.join(" and ")}: one deletion, until ${timeText(entry.permit.until)}. One person revokes it: reprieve permit revoke ${permitNameText(permit)}`;
    case "permit-revoked":
      return `${entry.by} revoked the permit for ${key}.`;
    default:
      return undefined;
  }
}

function reasonText({ reason }: { readonly reason: string }): string {
  return printableText(reason, 300);
}
