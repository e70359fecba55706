import type { Case } from "../../domain/case/case.ts";
import { caseOf } from "../../domain/case/fold.ts";
import type { KeyArn } from "../../domain/key/key-arn.ts";
import { isNotUsableYet, isPendingAtRisk } from "../../domain/plan/at-risk.ts";
import { pauseInForce } from "../guard/pause-in-force.ts";
import type { Guard } from "../guard/run.ts";
import type { KeyLists } from "../ports/sweep.ts";
import type { SweepReport } from "./sweep.ts";

/** What counts the keys at risk works with. */
export interface KeysAtRiskDeps {
  readonly guard: Guard;
  readonly keyLists: Pick<KeyLists, "pending">;
  /** Time (ms) that is left. */
  readonly timeLeft: () => number;
}

/** Listing pending keys again and reading their cases takes at most about this long (ms). */
const countTimeMs = 15_000;

/**
 * Counts the keys that ought to be usable when a sweep is over, and are not: pending without an allowed end, or restored and not started. `worked`
 * holds the newest state of each case that the sweep worked on. With too little time, or a list that fails, counts what the sweep left or failed
 * at. Returns undefined where the sweep itself could not see what there was.
 */
export async function countKeysAtRisk(
  { guard, keyLists, timeLeft }: KeysAtRiskDeps,
  report: SweepReport,
  worked: ReadonlyMap<KeyArn, Case>,
): Promise<number | undefined> {
  if (report.stepErrors.length > 0) return undefined;
  const notUsable = [...worked.values()].filter(isNotUsableYet).length;
  const left = report.left + report.failed;
  if (report.pending === 0) return notUsable;
  if (timeLeft() < countTimeMs) return notUsable + left;
  const pending = await pendingAtRisk(guard, keyLists).catch(() => left);
  return notUsable + pending;
}

async function pendingAtRisk(guard: Guard, keyLists: Pick<KeyLists, "pending">): Promise<number> {
  const { cases, clock, policy } = guard;
  const moment = { mode: policy.mode, paused: (await pauseInForce(guard)) !== undefined, now: clock() };
  let count = 0;
  for (const { arn } of await keyLists.pending()) {
    // A key whose case cannot be read is at risk: nothing shows that anyone let it go.
    const isAtRisk = await cases.history(arn).then(
      ({ newest }) => isPendingAtRisk(newest && caseOf(newest.chain), moment),
      () => true,
    );
    count += Number(isAtRisk);
  }
  return count;
}
