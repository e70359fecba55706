import { foldPause, judgePause, type PauseRequest, type PauseVerdict } from "../../domain/approval/pause.ts";
import { GuardError } from "../../domain/guard-error.ts";
import { type Chain, emptyChain } from "../../domain/ledger/chain.ts";
import { pauseChainName } from "../../domain/ledger/chain-name.ts";
import type { Directory } from "../../domain/people/directory.ts";
import type { Voter } from "../../domain/people/vote.ts";
import type { PauseTerms } from "../../domain/policy/pause-terms.ts";
import type { PauseBook } from "../ports/guard.ts";
import { appended, judgeAndAppend } from "./judge-and-append.ts";

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

/** Judges a request for a pause and records it. Throws CASE_CHANGED, or what the store throws. */
export async function recordPause(
  { pauses, directory, terms, clock }: PauseDeps,
  voter: Voter,
  request: PauseRequest,
): Promise<Recorded> {
  return await judgeAndAppend<Chain | undefined, Recorded>({
    clock,
    maxRounds,
    read: async () => await pauses.latest(),
    judge: (latest, now) => {
      const submitted = { request, voter, now };
      const { entries, number, verdict } = judgePause(latest && foldPause(latest), terms, directory, submitted);
      if (entries.length === 0) return { outcome: { verdict } };
      const before = verdict.kind === "requested" || latest === undefined ? emptyChain(pauseChainName(number)) : latest;
      const change = appended(before, entries, now);
      return { outcome: { verdict, changed: number }, save: async () => await pauses.save(change) };
    },
    gaveUp: () => new GuardError("CASE_CHANGED", "retry", "others kept changing the pause"),
  });
}
