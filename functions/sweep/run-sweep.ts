import type { Context } from "aws-lambda";
import type { Case } from "../../lib/domain/case/case.ts";
import type { KeyArn } from "../../lib/domain/key/key-arn.ts";
import type { CaseFile } from "../../lib/workflows/guard/case-file.ts";
import { countKeysAtRisk } from "../../lib/workflows/sweep/keys-at-risk.ts";
import type { LogStatus } from "../../lib/workflows/sweep/sequence-log.ts";
import { type Sweeper, sweep } from "../../lib/workflows/sweep/sweep.ts";
import { measure, reportOf } from "../shared/case-report.ts";
import type { Metrics } from "../shared/metrics.ts";

/** What one sweep works with. */
export interface Sweeping {
  readonly sweeper: Omit<Sweeper, "timeLeft" | "onCaseProcessed">;
  readonly metrics: Metrics;
  readonly logStatus: () => LogStatus;
  /** Checks what the stack rests on and publishes a heartbeat, if that is due; answers undefined where it is not. */
  readonly selfCheck: () => Promise<{ readonly heartbeat: boolean } | undefined>;
}

/** A self-check takes at most about this long (ms); a sweep with less time leaves it to the next one. */
const selfCheckTimeMs = 20_000;

/** One sweep. Throws, once everything else is done, when it could not even see what there was to do. */
export async function runSweep(
  { sweeper, metrics, logStatus, selfCheck }: Sweeping,
  { getRemainingTimeInMillis }: Pick<Context, "getRemainingTimeInMillis">,
): Promise<void> {
  const timeLeft = () => getRemainingTimeInMillis();
  const worked = new Map<KeyArn, Case>();
  const onCaseProcessed = (file: CaseFile) => {
    worked.set(file.state.keyArn, file.state);
    countCase(sweeper, metrics, file);
  };
  const report = await sweep({ ...sweeper, timeLeft, onCaseProcessed });
  metrics.count("KeysPending", report.pending);
  const atRisk = await countKeysAtRisk({ ...sweeper, timeLeft }, report, worked);
  if (atRisk !== undefined) metrics.count("KeysAtRisk", atRisk);
  const { ageSeconds, unsigned, uncosigned } = logStatus();
  if (ageSeconds !== undefined) metrics.count("LogAgeSeconds", ageSeconds);
  metrics.count("CheckpointsUnsigned", unsigned);
  if (uncosigned !== undefined) metrics.count("CheckpointsNotCosigned", uncosigned);
  const checked = timeLeft() < selfCheckTimeMs ? undefined : await selfCheck();
  if (checked?.heartbeat === true) metrics.count("Heartbeats");
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
