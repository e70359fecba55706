import { append, emptyChain } from "../domain/audit-chain.ts";
import { caseOf } from "../domain/case.ts";
import type { EntryBody } from "../domain/entry.ts";
import { codeOf, GuardError } from "../domain/guard-error.ts";
import type { KeyArn } from "../domain/key-arn.ts";
import { restored } from "../domain/live-key-step.ts";
import type { KeyObservation } from "../domain/payment-key.ts";
import { decideCase } from "./decide-case.ts";
import { pauseInForce, underPause } from "./pause-in-force.ts";
import type { Guard } from "./run.ts";

/** So long (ms) before a key may be destroyed the sweep waits for the store no more. */
const lastMoment = 48 * 60 * 60_000;

/**
 * What the sweep does for a pending key whose cases cannot be read. It cannot know what was allowed, so it waits for the store, but
 * never past the last moment; a case that is damaged will not mend itself, so there the policy alone is enough to restore. The bus
 * takes the place of the record. Answers whether the key was restored. Source: design, section 3.
 */
export async function protectKey(guard: Guard, keyArn: KeyArn, error: unknown): Promise<boolean> {
  const damaged = codeOf(error) === "CASE_UNREADABLE";
  if (damaged) {
    await guard.cases.quarantine(keyArn).catch(() => {});
    guard.log("CASE_QUARANTINED", { keyArn, reason: error instanceof Error ? error.message : "" });
  }
  if (guard.policy.mode !== "enforce") return false;
  const observation = await guard.keys.observe(keyArn);
  if (observation.kind !== "pending") return false;
  if (underPause(guard, await pauseInForce(guard), observation).policy.mode !== "enforce") return false;
  const atLast = observation.deletePendingAt - guard.clock() <= lastMoment;
  return atLast || (damaged && (await policyAloneRestores(guard, observation)))
    ? await restoreUnrecorded(guard, keyArn, observation)
    : false;
}

type Pending = Extract<KeyObservation, { kind: "pending" }>;

function chainFor({ version, clock }: Guard, { key, deletePendingAt }: Pending, more: readonly EntryBody[] = []) {
  const first: EntryBody = {
    kind: "deletion-detected",
    case: { keyArn: key.arn, generation: 1 },
    source: "sweep",
    guardVersion: version,
    key,
    deletePendingAt,
  };
  return [first, ...more].reduce((chain, body) => append(chain, body, clock()), emptyChain);
}

/** Whether the policy restores this key whoever has deleted it. */
async function policyAloneRestores(guard: Guard, observation: Pending): Promise<boolean> {
  const state = caseOf(chainFor(guard, observation));
  const patience = { withoutRequester: false, withoutLabels: true };
  const decided = await decideCase(guard.policy, guard.keys, state, observation.key, patience);
  const effect = decided?.effect;
  return effect?.outcome === "restore" || (effect?.outcome === "ask" && effect.approval.meanwhile === "restored");
}

async function restoreUnrecorded(guard: Guard, keyArn: KeyArn, observation: Pending): Promise<boolean> {
  const intent: EntryBody = { kind: "restore-intended", late: guard.clock() >= observation.deletePendingAt };
  await announce(guard, observation, [intent]);
  const answer = await guard.keys.restore(keyArn);
  if (answer.kind === "refused")
    throw new GuardError("CONTROL_PLANE_REFUSED", "retry", `restore was refused: ${answer.code}`);
  if (answer.observation.kind !== "live") return false;
  const state = caseOf(chainFor(guard, observation));
  await announce(guard, observation, [intent, restored(state, answer.observation.key, "answered", guard.clock())]);
  return true;
}

/** The last of `bodies` goes to the log and the bus, as far as either hears it: neither may keep the key from being restored. */
async function announce(guard: Guard, observation: Pending, bodies: readonly EntryBody[]): Promise<void> {
  const keyArn = observation.key.arn;
  const entries = chainFor(guard, observation, bodies).entries.slice(-1);
  guard.log("ACTING_WITHOUT_RECORD", { keyArn, entries: entries.map(({ kind }) => kind) });
  await guard.bus.announceUnrecorded(keyArn, entries).catch((error: unknown) => {
    guard.log("UNRECORDED_ANNOUNCEMENT_FAILED", { keyArn, code: codeOf(error) });
  });
}
