import { isRequestOf } from "../../domain/deletion/attribution.ts";
import { codeOf, GuardError } from "../../domain/guard-error.ts";
import type { KeyArn } from "../../domain/key/key-arn.ts";
import type { CaseChange, CaseStore, KeyHistory } from "../ports/guard.ts";
import { advance } from "./advance.ts";
import { beginRun } from "./begin-run.ts";
import { isFresh } from "./fresh.ts";
import { observeKey } from "./observe-key.ts";
import { policyFor } from "./pause-in-force.ts";
import type { Guard, Run, Trigger } from "./run.ts";

/** Returns whether `error` says that cases cannot be read or written. */
export function isStoreFailure(error: unknown): boolean {
  return ["STORE_UNAVAILABLE", "CASE_UNREADABLE"].includes(codeOf(error));
}

/**
 * Runs the plan of `trigger` although the store failed: the bus takes the place of the store as the record of each intent.
 * Where the key's records were `read` it begins again from them, so that nothing that they allow is undone. Otherwise it
 * acts in `enforce` on a fresh event of the very deletion that is pending, and on nothing else. The caller fails
 * afterwards, so that a retry completes the record. Throws what the plan throws.
 */
export async function failOpen(guard: Guard, trigger: Trigger, read: Run | undefined): Promise<void> {
  const run = read === undefined ? await runWithoutHistory(guard, trigger) : runFromHistory(read, trigger);
  if (run !== undefined && policyFor(run.guard, run.files.at(-1)?.state).mode === "enforce")
    await advanceUnrecorded(run);
}

function runFromHistory(
  { guard, arn, observation, history, unrecordedAttempt, restoredHere }: Run,
  trigger: Trigger,
): Run {
  const again = beginRun(guard, trigger, arn, observation, history);
  return { ...again, unrecordedAttempt: unrecordedAttempt || restoredHere, restoredHere };
}

/** Takes the steps of `run` with the bus as the record. Returns whether the key was restored. */
export async function advanceUnrecorded(run: Run): Promise<boolean> {
  const { guard, arn } = run;
  const cases = announcingStore(guard, arn, run.history !== noHistory);
  const unrecorded: Run = {
    ...run,
    guard: { ...guard, cases, inventory: unlessDown(guard.inventory) },
    withoutRecord: true,
  };
  try {
    await advance(unrecorded);
  } finally {
    if (unrecorded.restoredHere) guard.unrecorded.note(arn, guard.clock());
  }
  for (const file of unrecorded.files) await file.release(cases, guard.clock(), unrecorded.dueAt);
  return unrecorded.restoredHere;
}

async function runWithoutHistory(guard: Guard, trigger: Trigger): Promise<Run | undefined> {
  if (trigger.source !== "event" || guard.policy.mode !== "enforce") return undefined;
  const { request } = trigger;
  const now = guard.clock();
  if (request.target.kind !== "arn" || !isFresh(request, now)) return undefined;
  const { arn } = request.target;
  const observation = await observeKey(guard, arn);
  const ours =
    observation.kind === "undated" ||
    (observation.kind === "pending" &&
      now < observation.deletePendingAt &&
      isRequestOf(observation.deletePendingAt, request));
  return ours ? beginRun(guard, { ...trigger, deliveries: 1 }, arn, observation, noHistory) : undefined;
}

/** What is known of a key whose records cannot be read. */
export const noHistory: KeyHistory = {};

/** The inventory lies in the same table: a sighting that cannot be read is unknown. Labels have a patience of their own. */
function unlessDown({ lastSeen, labelsSeen }: Guard["inventory"]): Guard["inventory"] {
  return { lastSeen: async (arn) => await lastSeen(arn).catch(() => undefined), labelsSeen };
}

/**
 * A store that records nothing: what would be added goes to the log and to the bus, and no effect waits for either. A
 * permit can only be used in the real store: a deletion that one of them permits waits for it.
 */
function announcingStore({ bus, log, cases }: Guard, keyArn: KeyArn, isHistoryKnown: boolean): CaseStore {
  return {
    ...cases,
    savePermit: async (change) => {
      // INVARIANT: a permit names the case that used it, and which case this is, is not known without the records.
      if (isHistoryKnown) return await cases.savePermit(change);
      throw new GuardError("STORE_UNAVAILABLE", "retry", "no permit can be used without the key's records");
    },
    history: async () => noHistory,
    permits: async (arn) => await cases.permits(arn).catch(() => []),
    save: async ({ chain, expectedLength }: CaseChange) => {
      const entries = chain.entries.slice(expectedLength);
      if (entries.length === 0) return "saved";
      log("ACTING_WITHOUT_RECORD", { keyArn, entries: entries.map(({ kind }) => kind) });
      await bus.announceUnrecorded(keyArn, entries).catch((error: unknown) => {
        log("UNRECORDED_ANNOUNCEMENT_FAILED", { keyArn, code: codeOf(error) });
      });
      return "saved";
    },
  };
}
