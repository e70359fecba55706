import { type Judgement, judgeUsageStart, judgeVote, type VoteVerdict } from "../../domain/approval/dual-control.ts";
import type { Case } from "../../domain/case/case.ts";
import type { Keep } from "../../domain/case/keep.ts";
import { GuardError } from "../../domain/guard-error.ts";
import { type CaseName, caseNameText } from "../../domain/ledger/case-name.ts";
import type { Directory } from "../../domain/people/directory.ts";
import type { Vote, Voter } from "../../domain/people/vote.ts";
import { CaseFile } from "../guard/case-file.ts";
import { revocable, revokePermits, unrecorded } from "../guard/revoke-permits.ts";
import type { CaseStore } from "../ports/guard.ts";

/** What recording a vote works with: cases and permits, and no key. */
export interface Polls {
  readonly directory: Directory;
  readonly cases: Pick<CaseStore, "read" | "save" | "permits" | "savePermit">;
  /** ms since the epoch. */
  readonly clock: () => number;
  readonly pause: (ms: number) => Promise<unknown>;
  readonly newRunId: () => string;
}

/** What became of a vote, and the case as it stands afterwards. */
export interface Recorded {
  readonly verdict: VoteVerdict;
  readonly state: Case;
  /** Whether anything was added to the case. */
  readonly added: boolean;
  /** Why the revocation of permits, which is in force, is left to the guard to record. */
  readonly unrevoked?: GuardError["code"];
}

/** As many others as may vote at the very same time, and more. */
const maxRounds = 100;
/** How long (ms) to wait while the guard is at work on the case: Slack waits for 3 s. */
const pauseFor = 150;
const maxPauses = 10;

/** Judges `vote` and records it, once. Throws CASE_UNKNOWN, CASE_CLAIMED, or what the store throws. */
export async function recordVote(polls: Polls, name: CaseName, vote: Vote): Promise<Recorded> {
  const recorded = await change(polls, name, ({ state }) => judgeVote(state, polls.directory, vote, polls.clock()));
  const { keep } = recorded.state;
  const keeps = vote.choice === "keep" && recorded.verdict.kind !== "refused" && keep !== undefined;
  return keeps ? await withoutPermits(polls, name, recorded, keep) : recorded;
}

/** Judges the wish that key usage be started, and records it. Throws as `recordVote` does. */
export async function recordUsageStart(polls: Polls, name: CaseName, voter: Voter): Promise<Recorded> {
  return await change(polls, name, ({ state }) => judgeUsageStart(state, polls.directory, voter));
}

async function change(polls: Polls, name: CaseName, judge: (file: CaseFile) => Judgement): Promise<Recorded> {
  const { cases, clock, pause, newRunId } = polls;
  let pauses = 0;
  for (let round = 0; round < maxRounds; round++) {
    const stored = await cases.read(name);
    if (stored === undefined)
      throw new GuardError("CASE_UNKNOWN", "reject", `there is no case \`${caseNameText(name)}\``);
    const now = clock();
    if (stored.lease !== undefined && stored.lease.until > now && pauses < maxPauses) {
      pauses += 1;
      await pause(pauseFor);
      continue;
    }
    const file = CaseFile.resume(stored, newRunId());
    const { entries, verdict } = judge(file);
    const fits = file.addAll(entries, now);
    // A vote that does not count needs no record; one that does is never told so without one.
    if (!fits && verdict.kind !== "refused")
      throw new GuardError("CASE_FULL", "reject", `case \`${caseNameText(name)}\` has no room for another entry`);
    // Due at once: should the word to look again be lost, the sweep takes the case up.
    if ((await file.release(cases, now, now)) === "saved")
      return { verdict, state: file.state, added: fits && entries.length > 0 };
    if (pauses >= maxPauses) break;
  }
  throw new GuardError("CASE_CLAIMED", "retry", `somebody else is at work on \`${caseNameText(name)}\``);
}

/** Records the revocation of every permit that `keep` revokes, at once if the store lets it; otherwise the guard's next run does. */
async function withoutPermits(polls: Polls, name: CaseName, recorded: Recorded, keep: Keep): Promise<Recorded> {
  const { cases, clock } = polls;
  const revocation = { cases, keyArn: name.keyArn, keep, clock };
  try {
    const found = revocable(revocation, await cases.permits(name.keyArn));
    if (found.length === 0) return recorded;
    const after = await change(polls, name, (file) => ({
      entries: unrecorded(file, found, keep),
      verdict: recorded.verdict,
    }));
    await revokePermits(revocation, found);
    return { ...after, added: true };
  } catch (error) {
    // INVARIANT: the Keep is on record and in force without this.
    if (!(error instanceof GuardError)) throw error;
    return { ...recorded, unrevoked: error.code };
  }
}
