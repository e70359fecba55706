import { causeOf, codeOf, GuardError } from "../../domain/guard-error.ts";
import type { KeyObservation } from "../../domain/key/payment-key.ts";
import type { GuardedEffect, UsageEvidence } from "../../domain/ledger/entry.ts";
import { maxUsageStarts, restored } from "../../domain/plan/live-key.ts";
import type { EffectAnswer } from "../ports/guard.ts";
import { type CaseFile, leaseMs } from "./case-file.ts";
import { noticed, observeKey } from "./observe-key.ts";
import { recordEntry } from "./record-entry.ts";
import type { Progress, Run } from "./run.ts";

/** Records the intent, unless one on record covers this deletion, and claims the case in one write; then restores the key. */
export async function restoreKey(run: Run, file: CaseFile, late: boolean): Promise<Progress> {
  const { restore, lateRestore, intentStands } = file.state;
  const intended = intentStands && (late ? lateRestore : restore) === "intended";
  if (!intended) recordEntry(run, file, { kind: "restore-intended", late });
  if (isHidden(run) && !file.state.lookDenied) recordEntry(run, file, { kind: "look-denied" });
  if ((await claim(run, file)) === "conflict") return "conflict";
  const how = await attempt(run, file, "restore", () => run.guard.keys.restore(run.arn));
  if (run.observation.kind !== "live") return "go-on";
  run.restoredHere ||= how === "answered";
  const now = run.guard.clock();
  return recordEntry(run, file, restored(file.state, run.observation.key, how, now));
}

/** Whether GetKey is denied. That is on record, for remediation to look why. */
function isHidden({ observation }: Run): boolean {
  return observation.kind === "undated" && observation.why === "denied";
}

/** Records the intent and claims the case in one write, then starts key usage; the answer is the verification. */
export async function startUsage(run: Run, file: CaseFile, evidence: UsageEvidence): Promise<Progress> {
  if (!file.state.usageStartIntended) recordEntry(run, file, { kind: "usage-start-intended", evidence });
  if ((await claim(run, file)) === "conflict") return "conflict";
  const how = await attempt(run, file, "start-usage", () => run.guard.keys.startUsage(run.arn));
  run.startedHere = how === "answered";
  return "go-on";
}

/** Stores what was added and claims the case for what comes next. */
export async function claim(run: Run, file: CaseFile): Promise<"saved" | "conflict"> {
  const now = run.guard.clock();
  return await file.claim(run.guard.cases, now, now + leaseMs);
}

/**
 * Tries an effect and leaves in `run.observation` what the key looks like afterwards. A refusal says that the key is in another
 * state than was thought, and then GetKey is the authority.
 */
async function attempt(
  run: Run,
  file: CaseFile,
  effect: GuardedEffect,
  call: () => Promise<EffectAnswer>,
): Promise<"answered" | "found"> {
  const before = run.observation.kind;
  const answer = await call().catch(async (error: unknown) => {
    await noteFailure(run, file, effect, codeOf(error));
    throw error;
  });
  run.observation =
    answer.kind === "done" ? noticed(run.guard.log, answer.observation) : await observeRefused(run, answer.code);
  if (achieved(effect, run.observation)) return answer.kind === "done" ? "answered" : "found";
  if (run.observation.kind !== before) return "found";
  const code = answer.kind === "refused" ? answer.code : "NO_EFFECT";
  await noteFailure(run, file, effect, code);
  if (effect === "restore" || file.state.failed[effect] < maxUsageStarts)
    throw new GuardError("CONTROL_PLANE_REFUSED", "retry", `${effect} was refused: ${code}`);
  return "found";
}

/** GetKey is the authority on a refusal. Where it is denied, the refusal itself may say that there is no such key. */
async function observeRefused({ guard, arn }: Run, code: string): Promise<KeyObservation> {
  const observation = await observeKey(guard, arn);
  const isGone = observation.kind === "undated" && code === "ResourceNotFoundException";
  return isGone ? { kind: "absent" } : observation;
}

function achieved(effect: GuardedEffect, observation: KeyObservation): boolean {
  return observation.kind === "live" && (effect === "restore" || observation.key.enabled);
}

/** Counts a failure, keeps it on record at powers of two, and lets go of the case so that the retry can take it. */
async function noteFailure(run: Run, file: CaseFile, effect: GuardedEffect, code: string): Promise<void> {
  const { guard } = run;
  const now = guard.clock();
  file.failures += 1;
  if (Number.isInteger(Math.log2(file.failures)))
    recordEntry(run, file, { kind: "effect-failed", effect, code, attempt: file.failures });
  guard.log("EFFECT_FAILED", { keyArn: run.arn, effect, code, attempt: file.failures });
  try {
    await file.release(guard.cases, now, now);
  } catch (error) {
    // The failure of the effect is what the caller needs to know; the retry completes the record.
    guard.log("STORE_FAILED", { keyArn: run.arn, code: codeOf(error), ...causeOf(error) });
  }
}
