import type { Case } from "../case/case.ts";
import type { Keep } from "../case/keep.ts";
import { recordedRequesters } from "../case/recorded-requesters.ts";
import type { BodyOf, EntryBody, VoteCast } from "../ledger/entry.ts";
import { type Directory, personOfVoter } from "../people/directory.ts";
import type { Vote, VoteRefusal, Voter } from "../people/vote.ts";
import { voterName } from "../people/vote.ts";
import type { Approval } from "../policy/decision.ts";

/** How an approval stands now: dual control counts distinct persons, and never one who asked for the deletion. */
export interface Standing {
  /** Those who may approve: frozen when the deletion was decided, less people removed since, less its requesters. */
  readonly eligible: readonly string[];
  readonly approvedBy: readonly string[];
  readonly quorum: number;
  readonly reached: boolean;
}

/** What happens to a vote: the entries go on record in one write, and `verdict` is what the voter is answered. */
export interface Judgement {
  readonly entries: readonly EntryBody[];
  readonly verdict: VoteVerdict;
}

export type VoteVerdict =
  /** `requested`: to start key usage. */
  | { readonly kind: "counted"; readonly person: string; readonly state: "kept" | "requested" }
  /** `approvals` of `quorum` are on record now. */
  | {
      readonly kind: "counted";
      readonly person: string;
      readonly state: "waiting" | "granted";
      readonly approvals: number;
      readonly quorum: number;
    }
  /** The very same vote, delivered again. */
  | { readonly kind: "repeated" }
  /** The same person kept the key moments ago: there is nothing to record. */
  | { readonly kind: "kept-already"; readonly by: string }
  | { readonly kind: "refused"; readonly why: VoteRefusal };

/** Votes on record that did not count: an item holds 400 KB, and Keep must always fit. */
const maxRefusedPerVoter = 3;
const maxRefused = 60;

/** Within so little time (ms) a second Keep by the same person counts as the same one. */
const doubleClickMs = 60_000;

export function standingOf(state: Case, directory: Directory): Standing {
  const { decision, question } = state;
  const approval = decision?.effect.outcome === "ask" ? decision.effect.approval : undefined;
  const requesters = recordedRequesters(state, directory);
  const members = directory.members.get(approval?.from ?? "") ?? [];
  const frozen = decision?.approvers ?? [];
  const eligible = frozen.filter((person) => members.includes(person) && !requesters.persons.includes(person));
  const counted = question?.approvals.filter(({ vote }) => isProvenFor(approval, vote.voter)) ?? [];
  const approvals = new Set(counted.flatMap(({ person }) => person ?? []));
  const approvedBy = [...approvals].filter((person) => eligible.includes(person));
  // INVARIANT: a requester who is not known as a person could be one of the approvers, so one more has to approve.
  const quorum = (approval?.quorum ?? Number.POSITIVE_INFINITY) + (requesters.allKnown ? 0 : 1);
  return { eligible, approvedBy, quorum, reached: approvedBy.length >= quorum };
}

/** INVARIANT: an approval that is proven in another way than the recorded decision asks for counts for nothing. A Keep counts by any way. */
function isProvenFor(approval: Approval | undefined, { via }: Voter): boolean {
  return approval?.proof === undefined || approval.proof.includes(via);
}

/** Returns whether a granted approval still stands without those who are on record as requesters now. Leaving the group later changes nothing. */
export function approvalStands(state: Case, directory: Directory): boolean {
  const { persons } = recordedRequesters(state, directory);
  const by = state.question?.grantedBy?.filter((person) => !persons.includes(person)) ?? [];
  return by.length >= standingOf(state, directory).quorum;
}

/** Judges `vote` against the stored case, never against what a message shows. `now` in ms since the epoch. */
export function judgeVote(state: Case, directory: Directory, vote: Vote, now: number): Judgement {
  if (state.votes.counted.has(vote.id)) return { entries: [], verdict: { kind: "repeated" } };
  const person = personOfVoter(directory, vote.voter);
  const { keep } = state;
  if (vote.choice === "keep" && person !== undefined && keep !== undefined && state.over !== "key-destroyed")
    return keepAgain(keep, vote, person, now);
  const why = vote.choice === "keep" ? whyNotKeep(state, person) : whyNotApprove(state, directory, person, vote, now);
  if (why !== undefined || person === undefined) return refuse(state, vote, person, why ?? "stranger");
  const cast: VoteCast = { kind: "vote-cast", vote, person };
  if (vote.choice === "keep") {
    return { entries: [cast, keptBy(state, person)], verdict: { kind: "counted", person, state: "kept" } };
  }
  const { approvedBy, quorum } = standingOf(state, directory);
  const by = [...approvedBy, person];
  const counted = { kind: "counted", person, approvals: by.length, quorum } as const;
  if (by.length < quorum) return { entries: [cast], verdict: { ...counted, state: "waiting" } };
  return {
    // INVARIANT: the vote that completes the quorum grants the approval in the same write.
    entries: [cast, { kind: "approval-granted", by, quorum }],
    verdict: { ...counted, state: "granted" },
  };
}

/**
 * A further Keep renews the time of the first: since then a permit may have been issued, or the key deleted again, and the older
 * message keeps the key from both. Only a double click adds nothing.
 */
function keepAgain(keep: Keep, vote: Vote, person: string, now: number): Judgement {
  if (keep.by === person && now - keep.at <= doubleClickMs)
    return { entries: [], verdict: { kind: "kept-already", by: keep.by } };
  return { entries: [{ kind: "vote-cast", vote, person }], verdict: { kind: "counted", person, state: "kept" } };
}

/** Refuses `vote` for the reason `why`, on record while there is room. */
export function refuseVote(state: Case, directory: Directory, vote: Vote, why: VoteRefusal): Judgement {
  return refuse(state, vote, personOfVoter(directory, vote.voter), why);
}

function refuse({ votes }: Case, vote: Vote, person: string | undefined, why: VoteRefusal): Judgement {
  const own = votes.refused.get(voterName(vote.voter)) ?? 0;
  const all = [...votes.refused.values()].reduce((sum, each) => sum + each, 0);
  const known = votes.refusedIds.has(vote.id);
  const room = own < maxRefusedPerVoter && all < maxRefused && !known;
  const cast: VoteCast = { kind: "vote-cast", vote, ...(person !== undefined && { person }), refused: why };
  return { entries: room ? [cast] : [], verdict: { kind: "refused", why } };
}

function whyNotKeep(state: Case, person: string | undefined): VoteRefusal | undefined {
  return person === undefined ? "stranger" : keepRefusal(state);
}

/** Returns the entry by which `person` keeps the key. */
export function keptBy({ question, permitUsed }: Case, person: string): BodyOf<"approval-refused"> {
  // A rule's allowance is no approval by people.
  const afterApproval = question?.state === "granted" || permitUsed !== undefined;
  return { kind: "approval-refused", by: person, afterApproval };
}

/**
 * Returns why the case accepts no Keep, or undefined where it does: then every notice offers it. One person is enough, the requester
 * included, as long as there is a deletion, or a permit for one, to keep the key from, whether people or a rule let it pass.
 */
export function keepRefusal(state: Case): VoteRefusal | undefined {
  const { question, permitUsed, allowed, end, over, kept, permitSettled } = state;
  if (question === undefined && permitUsed === undefined && !allowed) return "nobody-was-asked";
  const undecided = question?.state === "open" && over === undefined;
  // An approval is taken back: the key is still there, or the permit may still be unused.
  const approved = question?.state === "granted" && (over === undefined || permitSettled);
  // A permit or a rule lets the deletion pass, and the key is still pending.
  const passing = (permitUsed !== undefined || allowed) && end === undefined;
  return !kept && (undecided || approved || passing) ? undefined : "too-late";
}

function whyNotApprove(
  state: Case,
  directory: Directory,
  person: string | undefined,
  { reason = "", voter }: Vote,
  now: number,
): VoteRefusal | undefined {
  const { question, decision } = state;
  if (person === undefined) return "stranger";
  if (question === undefined) return "nobody-was-asked";
  if (question.state !== "open" || state.over !== undefined || now >= question.deadline) return "too-late";
  if (recordedRequesters(state, directory).persons.includes(person)) return "own-deletion";
  if (!decision?.approvers?.includes(person)) return "not-an-approver";
  const { eligible, approvedBy } = standingOf(state, directory);
  if (!eligible.includes(person)) return "removed";
  const { effect } = decision;
  if (!isProvenFor(effect.outcome === "ask" ? effect.approval : undefined, voter)) return "proof-not-accepted";
  if (approvedBy.includes(person)) return "already-approved";
  return reason.trim() === "" ? "reason-missing" : undefined;
}

/** Whether `voter` may have key usage started although no evidence says that the key was enabled: any person but a requester. */
export function judgeUsageStart(state: Case, directory: Directory, voter: Voter, reason?: string): Judgement {
  const person = personOfVoter(directory, voter);
  if (person === undefined) return { entries: [], verdict: { kind: "refused", why: "stranger" } };
  if (state.usageStartRequested) return { entries: [], verdict: { kind: "repeated" } };
  if (!mayRequestUsageStart(state)) return { entries: [], verdict: { kind: "refused", why: "too-late" } };
  if (recordedRequesters(state, directory).persons.includes(person))
    return { entries: [], verdict: { kind: "refused", why: "own-deletion" } };
  return {
    entries: [{ kind: "usage-start-requested", voter, person, ...(reason !== undefined && { reason }) }],
    verdict: { kind: "counted", person, state: "requested" },
  };
}

/** Returns whether a person may decide to start key usage: for every reason to leave the key disabled except its rule. */
export function mayRequestUsageStart({ settled, over, whyLeftDisabled: why }: Case): boolean {
  return settled === "key-left-disabled" && over === undefined && why !== "rule";
}
