import type { CaseName } from "../../lib/domain/ledger/case-name.ts";
import type { Recorded } from "../../lib/workflows/approve/record-vote.ts";
import type { Log, ReEvaluate } from "../../lib/workflows/ports/guard.ts";
import { asGuardError } from "../shared/as-guard-error.ts";

/** Records a request about a case by `record`, and asks the guard to re-evaluate the case. If that event is lost, the sweep does it. */
export async function recordAndReEvaluate(
  { reEvaluate, log }: { readonly reEvaluate: ReEvaluate; readonly log: Log },
  name: CaseName,
  record: () => Promise<Recorded>,
): Promise<Recorded> {
  const recorded = await record();
  const { verdict, added, unrevoked } = recorded;
  const refused = verdict.kind === "refused";
  log(refused ? "VOTE_REFUSED" : "VOTE_RECORDED", { ...name, verdict: { ...verdict } });
  if (unrevoked !== undefined) log("PERMITS_LEFT_TO_GUARD", { ...name, code: unrevoked });
  if (added || !refused)
    await reEvaluate(name).catch((error: unknown) =>
      log("RE_EVALUATE_FAILED", { ...name, code: asGuardError(error).code }),
    );
  return recorded;
}
