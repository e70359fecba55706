import {
  type Judgement,
  judgeUsageStart,
  judgeVote,
  refuseVote,
  type VoteVerdict,
} from "../../domain/approval/dual-control.ts";
import { recordedVoteVerdict } from "../../domain/approval/recorded-verdict.ts";
import type { Case } from "../../domain/case/case.ts";
import type { Keep } from "../../domain/case/keep.ts";
import { codeOf, GuardError } from "../../domain/guard-error.ts";
import { type CaseName, caseNameText } from "../../domain/ledger/case-name.ts";
import type { Directory } from "../../domain/people/directory.ts";
import type { Origin, Vote, Voter } from "../../domain/people/vote.ts";
import { CaseFile } from "../guard/case-file.ts";
import { revocable, revokePermits, unrecorded } from "../guard/revoke-permits.ts";
import type { CaseStore, StoredCase } from "../ports/guard.ts";
import { type Judged, judgeAndAppend } from "./judge-and-append.ts";
import { keepInFullCase } from "./keep-in-full-case.ts";
import { withOrigin } from "./with-origin.ts";

/** What recording a vote works with: cases and permits, and no key. */
export interface VoteDeps {
  readonly directory: Directory;
  readonly cases: Pick<CaseStore, "read" | "save" | "permits" | "savePermit">;
  /** ms since the epoch. */
  readonly clock: () => number;
  readonly pause: (ms: number) => Promise<unknown>;
  readonly newRunId: () => string;
}

/** The verdict on a vote, and the case as it stands afterwards. */
export interface Recorded {
  readonly verdict: VoteVerdict;
  readonly state: Case;
  /** Whether anything was added to the case. */
  readonly added: boolean;
  /** Why the revocation of permits, which is in force, is left to the guard to record. */
  readonly unrevoked?: GuardError["code"];
}

/** Each conflict is a write by someone else: more than the people who vote on one case at the same instant. */
const maxRounds = 100;
/** While the guard holds the case: 1.5 s in all, for Slack waits 3 s for an answer. */
const waitMs = 150;
const maxWaits = 10;

type Judge = (file: CaseFile, now: number) => Judgement;

/**
 * Judges `vote` and records it, once. An approval whose proof was not verified again is refused; a Keep counts. Throws CASE_UNKNOWN,
 * CASE_CLAIMED, CASE_FULL, or what the store throws.
 */
export async function recordVote(deps: VoteDeps, name: CaseName, vote: Vote, origin: Origin = {}): Promise<Recorded> {
  try {
    return await recordInCase(deps, name, vote, origin);
  } catch (error) {
    if (vote.choice !== "keep" || codeOf(error) !== "CASE_FULL") throw error;
    const kept = await keepInFullCase(deps, name, vote, async (next) => await recordVote(deps, next, vote, origin));
    if (kept === undefined) throw error;
    return kept;
  }
}

async function recordInCase(deps: VoteDeps, name: CaseName, vote: Vote, origin: Origin): Promise<Recorded> {
  const { directory } = deps;
  const isExpired = origin.unverified !== undefined && vote.choice !== "keep";
  const recorded = await change(deps, name, origin, ({ state }, now) =>
    isExpired ? refuseVote(state, directory, vote, "proof-expired") : judgeVote(state, directory, vote, now),
  );
  const { keep } = recorded.state;
  const keeps = vote.choice === "keep" && recorded.verdict.kind !== "refused" && keep !== undefined;
  return keeps ? await withoutPermits(deps, name, recorded, keep) : recorded;
}

/** Judges the request to start key usage, and records it; a key that was deleted again since is started by its newest case alone. Throws as `recordVote` does. */
export async function recordUsageStart(
  deps: VoteDeps,
  { name, reason }: { readonly name: CaseName; readonly reason?: string },
  voter: Voter,
  origin: Origin = {},
): Promise<Recorded> {
  const isOver = await isDeletedAgain(deps.cases, name);
  return await change(deps, name, origin, ({ state }) => {
    if (origin.unverified !== undefined) return refused("proof-expired");
    return isOver ? refused("too-late") : judgeUsageStart(state, deps.directory, voter, reason);
  });
}

function refused(why: "proof-expired" | "too-late"): Judgement {
  return { entries: [], verdict: { kind: "refused", why } };
}

/** Returns whether the key has a newer case than `name`, be it one that cannot be trusted. */
export async function isDeletedAgain(
  cases: Pick<CaseStore, "read">,
  { keyArn, generation }: CaseName,
): Promise<boolean> {
  const next = { keyArn, generation: generation + 1 };
  return await cases.read(next).then(
    (stored) => stored !== undefined,
    (error: unknown) => {
      if (codeOf(error) === "CASE_UNREADABLE") return true;
      throw error;
    },
  );
}

async function change(deps: VoteDeps, name: CaseName, origin: Origin, judge: Judge): Promise<Recorded> {
  const { cases, clock, pause } = deps;
  const once: Judge = (file, now) => {
    const verdict = recordedVoteVerdict(file.chain, origin.requestId, deps.directory);
    if (verdict !== undefined) return { entries: [], verdict };
    const judged = judge(file, now);
    return { ...judged, entries: withOrigin(judged.entries, origin) };
  };
  return await judgeAndAppend({
    clock,
    maxRounds,
    read: async () => await readCase(cases, name),
    judge: (stored, now) => judgeCase(deps, stored, now, once),
    leaseWait: { isLeased: ({ lease }, now) => lease !== undefined && lease.until > now, pause, waitMs, maxWaits },
    gaveUp: () => new GuardError("CASE_CLAIMED", "retry", `another run is working on \`${caseNameText(name)}\``),
  });
}

async function readCase(cases: VoteDeps["cases"], name: CaseName): Promise<StoredCase> {
  const stored = await cases.read(name);
  if (stored !== undefined) return stored;
  throw new GuardError("CASE_UNKNOWN", "reject", `there is no case \`${caseNameText(name)}\``);
}

function judgeCase({ cases, newRunId }: VoteDeps, stored: StoredCase, now: number, judge: Judge): Judged<Recorded> {
  const file = CaseFile.resume(stored, newRunId());
  const { entries, verdict } = judge(file, now);
  const fits = file.addAll(entries, now);
  // A vote that does not count needs no record; a vote that counts is never accepted without one.
  if (!fits && verdict.kind !== "refused")
    throw new GuardError("CASE_FULL", "reject", `case \`${caseNameText(file.state)}\` has no room for another entry`);
  const outcome = { verdict, state: file.state, added: fits && entries.length > 0 };
  // Due at once: if the event for the guard is lost, the sweep evaluates the case.
  return outcome.added ? { outcome, save: async () => await file.release(cases, now, now) } : { outcome };
}

/** Records the revocation of every permit that `keep` revokes, at once if the store lets it; otherwise the guard's next run does. */
async function withoutPermits(deps: VoteDeps, name: CaseName, recorded: Recorded, keep: Keep): Promise<Recorded> {
  const { cases, clock } = deps;
  const revocation = { cases, keyArn: name.keyArn, keep, clock };
  try {
    const found = revocable(revocation, await cases.permits(name.keyArn));
    if (found.length === 0) return recorded;
    const after = await change(deps, name, {}, (file) => ({
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
