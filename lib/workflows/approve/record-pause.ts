import { foldPause, judgePause, type PauseVerdict, type PauseWord } from "../../domain/approval/pause.ts";
import { GuardError } from "../../domain/guard-error.ts";
import { append, emptyChain } from "../../domain/ledger/chain.ts";
import { pauseChainName } from "../../domain/ledger/chain-name.ts";
import type { Directory } from "../../domain/people/directory.ts";
import type { Voter } from "../../domain/people/vote.ts";
import type { PauseTerms } from "../../domain/policy/pause-terms.ts";
import type { PauseBook } from "../ports/guard.ts";

/** What recording a word on a pause works with. */
export interface PauseDesk {
  readonly pauses: PauseBook;
  readonly directory: Directory;
  /** Absent where the policy lets nobody pause. */
  readonly terms?: PauseTerms;
  /** ms since the epoch. */
  readonly clock: () => number;
}

/** Whoever loses against somebody else reads again; more than a few at once are no people. */
const maxRounds = 5;

/** Judges a word on a pause and records it. Throws CASE_CHANGED, or what the store throws. */
export async function recordPause(
  { pauses, directory, terms, clock }: PauseDesk,
  voter: Voter,
  word: PauseWord,
): Promise<{ readonly verdict: PauseVerdict; readonly changed?: number }> {
  for (let round = 0; round < maxRounds; round++) {
    const latest = await pauses.latest();
    const now = clock();
    const { entries, number, verdict } = judgePause(latest && foldPause(latest), terms, directory, {
      word,
      voter,
      now,
    });
    if (entries.length === 0) return { verdict };
    const begins = verdict.kind === "requested";
    const before = begins || latest === undefined ? emptyChain(pauseChainName(number)) : latest;
    const chain = entries.reduce((sofar, body) => append(sofar, body, now), before);
    const saved = await pauses.save({ chain, expectedLength: before.entries.length });
    if (saved === "saved") return { verdict, changed: number };
  }
  throw new GuardError("CASE_CHANGED", "retry", "the pause was changed by others again and again");
}
