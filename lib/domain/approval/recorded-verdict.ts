import { foldCase } from "../case/fold.ts";
import type { Chain } from "../ledger/chain.ts";
import type { Entry } from "../ledger/entry.ts";
import type { Directory } from "../people/directory.ts";
import type { Policy } from "../policy/policy.ts";
import { foldChangePermit } from "./change-permit.ts";
import type { ChangePermitVerdict } from "./change-permit-command.ts";
import { askingChangeRule } from "./change-permit-standing.ts";
import { standingOf, type VoteVerdict } from "./dual-control.ts";
import { type PauseVerdict, requestLifetimeMs } from "./pause.ts";
import { askingRule, type PermitTerms, type PermitVerdict, quorumOf } from "./permit-command.ts";

/** Returns where `requestId` took effect among `entries`; -1 where it did not. */
function indexOfRequest(entries: readonly Entry[], requestId: string | undefined): number {
  if (requestId === undefined) return -1;
  return entries.findIndex((entry) => "requestId" in entry && entry.requestId === requestId);
}

/** Returns the verdict on a vote as its case has it on record, or undefined where the case knows no request `requestId`. Approvals are counted by the directory of now. */
export function recordedVoteVerdict(
  { entries }: Chain,
  requestId: string | undefined,
  directory: Directory,
): VoteVerdict | undefined {
  const index = indexOfRequest(entries, requestId);
  const entry = entries[index];
  if (entry?.kind === "usage-start-requested") return { kind: "counted", person: entry.person, state: "requested" };
  if (entry?.kind !== "vote-cast") return undefined;
  const { refused, person = "", vote } = entry;
  if (refused !== undefined) return { kind: "refused", why: refused };
  if (vote.choice === "keep") return { kind: "counted", person, state: "kept" };
  // INVARIANT: the vote that completes the quorum grants the approval in the same write, right after it.
  const granted = entries[index + 1];
  if (granted?.kind === "approval-granted")
    return { kind: "counted", person, state: "granted", approvals: granted.by.length, quorum: granted.quorum };
  const state = foldCase(entries.slice(0, index + 1));
  const { approvedBy, quorum } =
    state === undefined ? { approvedBy: [person], quorum: 1 } : standingOf(state, directory);
  return { kind: "counted", person, state: "waiting", approvals: approvedBy.length, quorum };
}

/** Returns the verdict on a request that a pause has on record, or undefined; `from` is the group that may pause. */
export function recordedPauseVerdict(
  { entries }: Chain,
  requestId: string | undefined,
  from: string,
): PauseVerdict | undefined {
  const entry = entries[indexOfRequest(entries, requestId)];
  switch (entry?.kind) {
    case "pause-requested":
      return { kind: "requested", from, deadline: entry.at + requestLifetimeMs };
    case "pause-granted":
      return { kind: "granted", until: entry.until };
    case "pause-ended":
      return { kind: "ended" };
    default:
      return undefined;
  }
}

/** Returns the verdict on a request to start a stopped key that its chain has on record, or undefined. */
export function recordedStartVerdict({ entries }: Chain, requestId: string | undefined): VoteVerdict | undefined {
  const entry = entries[indexOfRequest(entries, requestId)];
  if (entry?.kind !== "usage-start-requested") return undefined;
  return { kind: "counted", person: entry.person, state: "requested" };
}

/** Returns the verdict on a command that a permit for a change has on record, or undefined. What is missing is counted by the rule of now. */
export function recordedChangePermitVerdict(
  chain: Chain,
  requestId: string | undefined,
  policy: Pick<Policy, "changeRules">,
): ChangePermitVerdict | undefined {
  const { entries } = chain;
  const index = indexOfRequest(entries, requestId);
  const entry = entries[index];
  const permit = foldChangePermit(chain);
  if (entry === undefined || permit === undefined) return undefined;
  if (entry.kind === "change-permit-revoked") return { kind: "revoked" };
  const { rule, user, deadline } = permit.request;
  const approval = askingChangeRule(policy, permit.name.operation, rule)?.approval;
  const [from, quorum] = [approval?.from ?? rule, quorumOf(approval?.quorum ?? 1, user)];
  if (entry.kind === "change-permit-requested") return { kind: "requested", name: permit.name, from, quorum, deadline };
  const next = entries[index + 1];
  if (next?.kind === "change-permit-issued") return { kind: "issued", until: next.until };
  const approvals = entries.slice(0, index + 1).filter(({ kind }) => kind === "permit-approved").length;
  return { kind: "approved", approvals, quorum, from };
}

/** Returns the verdict on a command that a permit has on record, or undefined. What is missing is counted by the rule of now. */
export function recordedPermitVerdict(
  { entries }: Chain,
  requestId: string | undefined,
  policy: PermitTerms,
): PermitVerdict | undefined {
  const index = indexOfRequest(entries, requestId);
  const entry = entries[index];
  const [first] = entries;
  if (entry?.kind === "permit-revoked") return { kind: "revoked" };
  if (entry === undefined || first?.kind !== "permit-requested") return undefined;
  const { keyArn, number, deadline, subject, rule } = first;
  const approval = askingRule(policy, rule)?.approval;
  const [from, quorum] = [approval?.from ?? rule, quorumOf(approval?.quorum ?? 1, subject)];
  if (entry.kind === "permit-requested") return { kind: "requested", name: { keyArn, number }, from, quorum, deadline };
  const next = entries[index + 1];
  if (next?.kind === "permit-issued") return { kind: "issued", until: next.permit.until };
  const approvals = entries.slice(0, index + 1).filter(({ kind }) => kind === "permit-approved").length;
  return { kind: "approved", approvals, quorum, from };
}
