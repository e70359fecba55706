import { judgeUsageStart, judgeVote } from "../../domain/approval/dual-control.ts";
import type { CaseRequest, RequestVerdict } from "../../domain/approval/person-request.ts";
import { caseOf } from "../../domain/case/fold.ts";
import type { Directory } from "../../domain/people/directory.ts";
import type { Voter } from "../../domain/people/vote.ts";
import type { CaseStore } from "../ports/guard.ts";
import { isDeletedAgain } from "./record-vote.ts";

/** What previewing a request about a case works with: it writes nothing. */
export interface VotePreviewDeps {
  readonly cases: Pick<CaseStore, "read">;
  readonly directory: Directory;
  /** ms since the epoch. */
  readonly clock: () => number;
}

/** Judges a request about a case against the case as it is stored, and records nothing. Throws what the store throws. */
export async function previewVote(
  { cases, directory, clock }: VotePreviewDeps,
  request: CaseRequest,
  voter: Voter,
): Promise<RequestVerdict> {
  const stored = await cases.read(request.name);
  if (stored === undefined) return { about: "nothing", verdict: { kind: "refused", why: "CASE_UNKNOWN" } };
  const state = caseOf(stored.chain);
  if (request.about === "vote")
    return { about: "case", verdict: judgeVote(state, directory, { ...request.vote, voter }, clock()).verdict };
  if (await isDeletedAgain(cases, request.name))
    return { about: "case", verdict: { kind: "refused", why: "too-late" } };
  return { about: "case", verdict: judgeUsageStart(state, directory, voter).verdict };
}
