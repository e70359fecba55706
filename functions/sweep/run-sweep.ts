import type { Context } from "aws-lambda";
import type { CaseFile } from "../../lib/workflows/guard/case-file.ts";
import { type Sweeper, sweep } from "../../lib/workflows/sweep/sweep.ts";
import { measure, reportOf } from "../shared/case-report.ts";
import type { Metrics } from "../shared/metrics.ts";

/** What one sweep works with. */
export interface Sweeping {
  readonly sweeper: Omit<Sweeper, "timeLeft" | "onCaseProcessed">;
  readonly metrics: Metrics;
}

/** One sweep. Throws, once everything else is done, when it could not even see what there was to do. */
export async function runSweep(
  { sweeper, metrics }: Sweeping,
  { getRemainingTimeInMillis }: Pick<Context, "getRemainingTimeInMillis">,
): Promise<void> {
  const onCaseProcessed = (file: CaseFile) => countCase(sweeper, metrics, file);
  const report = await sweep({ ...sweeper, timeLeft: () => getRemainingTimeInMillis(), onCaseProcessed });
  metrics.count("KeysPending", report.pending);
  const [stepError] = report.stepErrors;
  if (stepError !== undefined) throw stepError;
}

function countCase({ guard }: Pick<Sweeper, "guard">, metrics: Metrics, file: CaseFile): void {
  const report = reportOf(file);
  if (report === undefined) return;
  guard.log("CASE_ADVANCED", { ...report });
  measure(metrics, report);
  if (tellsOfMissedEvent(file)) metrics.count("EventsMissed");
}

/** A record that CloudTrail's history had and no event had brought. */
function tellsOfMissedEvent({ added }: CaseFile): boolean {
  return added.some(({ kind }) => kind === "requester-learned");
}
