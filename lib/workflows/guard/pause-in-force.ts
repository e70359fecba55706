import { foldPause, isPaused, leavesTime } from "../../domain/approval/pause.ts";
import type { Case } from "../../domain/case/case.ts";
import { codeOf } from "../../domain/guard-error.ts";
import type { KeyObservation } from "../../domain/key/payment-key.ts";
import { modeOfCase } from "../../domain/plan/mode-of-case.ts";
import type { Policy } from "../../domain/policy/policy.ts";
import type { Guard } from "./run.ts";

/**
 * Returns the number of the pause that is in force, where there is anything to pause for `newest`, the newest case of a key. Toward the
 * key's life: one that cannot be read is none.
 */
export async function pauseInForce({ policy, pauses, clock, log }: Guard, newest?: Case): Promise<number | undefined> {
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

/** Returns `guard` as the pause `pausedBy` leaves it for a key: it decides and records, and changes nothing. */
export function underPause(guard: Guard, pausedBy: number | undefined, observation: KeyObservation): Guard {
  if (pausedBy === undefined || !leavesTime(observation, guard.clock())) return guard;
  return { ...guard, policy: { ...guard.policy, mode: "observe", pausedBy } };
}
