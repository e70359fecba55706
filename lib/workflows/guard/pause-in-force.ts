import { foldPause, isPaused, leavesTime } from "../../domain/approval/pause.ts";
import type { Case } from "../../domain/case/case.ts";
import { codeOf } from "../../domain/guard-error.ts";
import type { KeyObservation } from "../../domain/key/payment-key.ts";
import { modeOfCase } from "../../domain/plan/mode-of-case.ts";
import type { Policy } from "../../domain/policy/policy.ts";
import type { Guard } from "./run.ts";

/**
 * Returns the number of the pause that is in force, where there is anything to pause for `newest`, the newest case of a key. A pause that
 * cannot be read does not suspend the guard, so keys are restored.
 */
export async function pauseInForce(
  { policy, pauses, clock, log }: Pick<Guard, "policy" | "pauses" | "clock" | "log">,
  newest?: Case,
): Promise<number | undefined> {
  if (policyFor({ policy }, newest).mode !== "enforce" || policy.pause === undefined) return undefined;
  try {
    const chain = await pauses.latest();
    const pause = chain && foldPause(chain);
    return isPaused(pause, policy.pause, policy.directory, clock()) ? pause?.number : undefined;
  } catch (error) {
    log("PAUSE_UNREADABLE", { code: codeOf(error) });
    return undefined;
  }
}

/** Returns the policy in the mode in which the guard acts on `newest`, the key's newest case. */
export function policyFor({ policy }: Pick<Guard, "policy">, newest: Case | undefined): Policy {
  return { ...policy, mode: modeOfCase(newest, { mode: policy.mode, paused: policy.pausedBy !== undefined }) };
}

/** Returns `guard` in observe mode while the pause `pausedBy` is in force, unless too little time is left for the key. */
export function underPause(
  guard: Guard,
  pausedBy: number | undefined,
  observation: KeyObservation,
  newest: Case | undefined,
): Guard {
  const recordedAt = newest?.end === undefined ? newest?.deletePendingAt : undefined;
  if (pausedBy === undefined || !leavesTime(observation, guard.clock(), recordedAt)) return guard;
  return { ...guard, policy: { ...guard.policy, mode: "observe", pausedBy } };
}
