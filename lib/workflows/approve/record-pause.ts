import { foldPause, judgePause, type PauseRequest, type PauseVerdict } from "../../domain/approval/pause.ts";
import { recordedPauseVerdict } from "../../domain/approval/recorded-verdict.ts";
import { GuardError } from "../../domain/guard-error.ts";
import { type Chain, emptyChain } from "../../domain/ledger/chain.ts";
import { pauseChainName } from "../../domain/ledger/chain-name.ts";
import type { Directory } from "../../domain/people/directory.ts";
import type { Origin, Voter } from "../../domain/people/vote.ts";
import type { PauseTerms } from "../../domain/policy/pause-terms.ts";
import type { PauseBook } from "../ports/guard.ts";
import { appended, type Judged, judgeAndAppend } from "./judge-and-append.ts";
import { withOrigin } from "./with-origin.ts";

/** What recording a request for a pause works with. */
export interface PauseDeps {
  readonly pauses: Pick<PauseBook, "latest" | "save">;
  readonly directory: Directory;
  /** Absent where the policy lets nobody pause. */
  readonly terms?: PauseTerms;
  /** ms since the epoch. */
  readonly clock: () => number;
}

/** Each conflict is a write by someone else, and a pause takes three: it is requested, granted and ended. */
const maxRounds = 5;

interface Recorded {
  readonly verdict: PauseVerdict;
  /** The number of the pause that it changed. */
  readonly changed?: number;
}

/** Judges a request for a pause and records it, once. Throws CASE_CHANGED, or what the store throws. */
export async function recordPause(
  deps: PauseDeps,
  voter: Voter,
  request: PauseRequest,
  origin: Origin = {},
): Promise<Recorded> {
  return await judgeAndAppend<Chain | undefined, Recorded>({
    clock: deps.clock,
    maxRounds,
    read: async () => await deps.pauses.latest(),
    judge: (latest, now) => judge(deps, latest, { request, voter, now }, origin),
    gaveUp: () => new GuardError("CASE_CHANGED", "retry", "others kept changing the pause"),
  });
}

function judge(
  { pauses, directory, terms }: PauseDeps,
  latest: Chain | undefined,
  submitted: Parameters<typeof judgePause>[3],
  origin: Origin,
): Judged<Recorded> {
  const stored = latest && foldPause(latest);
  const recorded = latest && recordedPauseVerdict(latest, origin.requestId, terms?.from ?? "");
  // The event may be lost: what was recorded before is announced again.
  if (recorded !== undefined && stored !== undefined) return { outcome: { verdict: recorded, changed: stored.number } };
  if (origin.unverified !== undefined) return { outcome: { verdict: { kind: "refused", why: "proof-expired" } } };
  const { entries, number, verdict } = judgePause(stored, terms, directory, submitted);
  if (entries.length === 0) return { outcome: { verdict } };
  const before = verdict.kind === "requested" || latest === undefined ? emptyChain(pauseChainName(number)) : latest;
  const change = appended(before, withOrigin(entries, origin), submitted.now);
  return { outcome: { verdict, changed: number }, save: async () => await pauses.save(change) };
}
