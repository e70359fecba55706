import type { EntryOf, VoteCast } from "../ledger/entry.ts";
import { voterName } from "../people/vote.ts";
import type { Case, VoteLedger } from "./case.ts";
import { latestKeep } from "./keep.ts";
import type { Question } from "./question.ts";

/** Returns the state once people are asked. */
export function asked(before: Case, { deadline, at, aliases }: EntryOf<"approval-requested">): Case {
  const promised = before.promised || before.decision?.mode === "enforce";
  const question = { askedAt: at, deadline, reminded: 0, approvals: [], state: "open" } as const;
  return { ...before, question: { ...question, ...(aliases && { aliases }) }, promised };
}

/** Returns the state with its question changed, if people were asked one. */
export function withQuestion(before: Case, change: Partial<Question>): Case {
  return before.question === undefined ? before : { ...before, question: { ...before.question, ...change } };
}

/** Returns the state after a vote. */
export function voted(before: Case, entry: EntryOf<"vote-cast">): Case {
  const { vote, person, refused, at } = entry;
  const counts = refused === undefined;
  const approvals = [...(before.question?.approvals ?? []), entry];
  const state = counts && vote.choice === "approve" ? withQuestion(before, { approvals }) : before;
  // A Keep that counts in a case that is kept already.
  const renews = before.kept && vote.choice === "keep" && counts && person !== undefined;
  return { ...state, votes: withVote(state.votes, entry), ...(renews && withKeep(before, at, person)) };
}

/** Returns the state once one person keeps the key. INVARIANT: that person was answered that the key stays, so `observe` does not undo it. */
export function kept(before: Case, { at, by }: EntryOf<"approval-refused">): Case {
  const keep = { ...withKeep(before, at, by), kept: true, promised: true, allowed: false };
  return { ...withQuestion(before, { state: "refused" }), ...keep };
}

function withKeep({ keep }: Case, at: number, by: string): Pick<Case, "keep"> {
  const latest = latestKeep([keep, { at, by }]);
  return latest === undefined ? {} : { keep: latest };
}

/** The question as it stands once nobody needs its answer any more. */
export function withdrawn({ question }: Case): Pick<Case, "question"> {
  const hasConsequence = question?.state === "open" || question?.state === "granted";
  return hasConsequence ? { question: { ...question, state: "withdrawn" } } : {};
}

function withVote(ledger: VoteLedger, { vote, refused: why }: VoteCast): VoteLedger {
  if (why === undefined) return { ...ledger, counted: new Set([...ledger.counted, vote.id]) };
  const voter = voterName(vote.voter);
  return {
    ...ledger,
    refusedIds: new Set([...ledger.refusedIds, vote.id]),
    refused: new Map(ledger.refused).set(voter, (ledger.refused.get(voter) ?? 0) + 1),
  };
}
