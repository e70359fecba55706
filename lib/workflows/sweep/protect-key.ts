import type { Case } from "../../domain/case/case.ts";
import { isReleased, lastMomentMs } from "../../domain/case/confirmation.ts";
import { caseOf } from "../../domain/case/fold.ts";
import { codeOf } from "../../domain/guard-error.ts";
import type { KeyArn } from "../../domain/key/key-arn.ts";
import { isUnseen, type KeyObservation, keyIn } from "../../domain/key/payment-key.ts";
import type { Decided, DeletionDetected } from "../../domain/ledger/entry.ts";
import type { Effect } from "../../domain/policy/decision.ts";
import { beginRun } from "../guard/begin-run.ts";
import { CaseFile } from "../guard/case-file.ts";
import { decideCase } from "../guard/decide-case.ts";
import { advanceUnrecorded, noHistory } from "../guard/fail-open.ts";
import { labelsOnce } from "../guard/labels-once.ts";
import { observeKey } from "../guard/observe-key.ts";
import { pauseInForce, policyFor, underPause } from "../guard/pause-in-force.ts";
import type { Guard } from "../guard/run.ts";

/**
 * Protects a pending key whose records cannot be read or written, or whose plan cannot complete. A deletion that is allowed on record
 * passes, and a promise on record holds also under `observe`. Anything else waits for the store, but never past the last moment. A damaged
 * case does not recover, so the policy alone is enough to restore. The bus takes the place of the record. Returns whether the key was
 * restored. Throws a GuardError when the control plane fails.
 */
export async function protectKey(guard: Guard, { keyArn, listed }: KeyToProtect, error: unknown): Promise<boolean> {
  const damaged = codeOf(error) === "CASE_UNREADABLE";
  if (damaged) await quarantine(guard, keyArn, error);
  const newest = damaged ? undefined : await newestCase(guard, keyArn);
  if (policyFor(guard, newest).mode !== "enforce") return false;
  const observation = await observeKey(guard, keyArn);
  if (observation.kind !== "pending" && observation.kind !== "undated") return false;
  // A GetKey that is denied or fails says nothing: only ListKeys says that the key is pending.
  if (observation.kind === "undated" && isUnseen(observation.why) && !listed) return false;
  const recorded = isOpenCaseOf(newest, observation, guard.clock()) ? newest : undefined;
  const paused = underPause(guard, await pauseInForce(guard, recorded), observation, recorded);
  const acting = { ...paused, policy: policyFor(paused, recorded) };
  if (acting.policy.mode !== "enforce") return false;
  if (recorded !== undefined && isReleased(recorded, guard.clock())) return false;
  const decided = await decidedWithoutRecord(acting, observation);
  return isAtLast(deletePendingAtOf(observation, recorded), guard.clock()) ||
    (damaged && restoresAlone(decided?.effect))
    ? await restoreUnrecorded(acting, observation, protectiveOf(decided?.effect))
    : false;
}

/** `listed`: ListKeys shows the key in `DELETE_PENDING`. */
export interface KeyToProtect {
  readonly keyArn: KeyArn;
  readonly listed: boolean;
}

type Pending = Extract<KeyObservation, { kind: "pending" | "undated" }>;

async function quarantine({ cases, log }: Guard, keyArn: KeyArn, error: unknown): Promise<void> {
  await cases.quarantine(keyArn).catch(() => {});
  log("CASE_QUARANTINED", { keyArn, reason: error instanceof Error ? error.message : "" });
}

/** A deletion whose time nobody knows may end at any moment. */
function isAtLast(deletePendingAt: number | undefined, now: number): boolean {
  return deletePendingAt === undefined || deletePendingAt - now <= lastMomentMs;
}

function deletePendingAtOf(observation: Pending, recorded: Case | undefined): number | undefined {
  return observation.kind === "pending" ? observation.deletePendingAt : recorded?.deletePendingAt;
}

/** The newest case of the key, if it can be read. */
async function newestCase({ cases }: Guard, keyArn: KeyArn): Promise<Case | undefined> {
  const history = await cases.history(keyArn).catch(() => undefined);
  return history?.newest && caseOf(history.newest.chain);
}

/**
 * Whether `newest` is the open case of this very deletion. A time on record holds until it has passed. INVARIANT: the sweep undoes
 * nothing that a record which can be read has released.
 */
function isOpenCaseOf(newest: Case | undefined, observation: Pending, now: number): boolean {
  if (newest?.deletePendingAt === undefined || newest.end !== undefined) return false;
  return observation.kind === "pending"
    ? newest.deletePendingAt === observation.deletePendingAt
    : now < newest.deletePendingAt;
}

async function decidedWithoutRecord(guard: Guard, observation: Pending): Promise<Decided | undefined> {
  const state = CaseFile.open(detection(guard, observation), guard.clock(), "").state;
  const key = keyIn(observation) ?? { arn: state.keyArn };
  return await decideCase(guard, labelsOnce(guard), state, key, { withoutRequester: false, withoutLabels: true });
}

/** Returns whether the policy restores the key regardless of its requester. */
function restoresAlone(effect: Effect | undefined): boolean {
  return effect?.outcome === "restore" || (effect?.outcome === "ask" && effect.approval.meanwhile === "restored");
}

/** The key comes back whatever the policy says of it; whether it is also started is for the policy to say. */
function protectiveOf(effect: Effect | undefined): Effect {
  const usage = effect === undefined || effect.outcome === "allow" ? "resume" : effect.usage;
  return { outcome: "restore", usage };
}

async function restoreUnrecorded(guard: Guard, observation: Pending, effect: Effect): Promise<boolean> {
  const now = guard.clock();
  const { keyArn } = detection(guard, observation).case;
  const run = beginRun(
    guard,
    { source: "sweep", keyArn, listed: true, deliveries: 1, asked: false },
    keyArn,
    observation,
    noHistory,
  );
  const file = CaseFile.open(detection(guard, observation), now, run.owner);
  const decided: Decided = {
    kind: "decided",
    effect,
    rule: "records-unavailable",
    passedOver: [],
    mode: "enforce",
    policyHash: guard.policy.hash,
    withRequester: false,
  };
  file.add(decided, now);
  return await advanceUnrecorded({ ...run, files: [file] });
}

function detection({ version }: Guard, observation: Pending): DeletionDetected {
  const key = keyIn(observation);
  const keyArn = observation.kind === "undated" ? observation.arn : observation.key.arn;
  return {
    kind: "deletion-detected",
    case: { keyArn, generation: 1 },
    source: "sweep",
    guardVersion: version,
    ...(key !== undefined && { key }),
    ...(observation.kind === "pending" && { deletePendingAt: observation.deletePendingAt }),
  };
}
