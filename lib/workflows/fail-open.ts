import { isRequestOf } from "../domain/attribution.ts";
import type { DeletionRequest } from "../domain/deletion-request.ts";
import type { Entry } from "../domain/entry.ts";
import { codeOf } from "../domain/guard-error.ts";
import type { KeyArn } from "../domain/key-arn.ts";
import { advance } from "./advance.ts";
import type { CaseChange, CaseStore } from "./ports.ts";
import type { Guard, Trigger } from "./run.ts";

/** How old (ms) a deletion may be for the guard to act on it without its records. */
const freshFor = 60 * 60_000;

/** Whether the guard may act on `request` without its records. */
export function isFresh(request: DeletionRequest, now: number): boolean {
  return now - request.at <= freshFor;
}

/** Whether `error` says that cases cannot be read or written. */
export function isStoreFailure(error: unknown): boolean {
  return ["STORE_UNAVAILABLE", "CASE_UNREADABLE"].includes(codeOf(error));
}

/**
 * Toward the key's life the guard fails open: with the store out of reach it runs the same plan on event, GetKey and policy
 * alone, and the bus takes the place of the store as the record of each intent. Narrow on purpose: only for a fresh event of
 * the very deletion that is pending (or of the one this run has just undone), only in `enforce`. The caller fails afterwards,
 * so that a retry completes the record.
 */
export async function failOpen(guard: Guard, trigger: Trigger, restoredHere: boolean): Promise<void> {
  if (trigger.source !== "event" || trigger.request.target.kind !== "arn" || guard.policy.mode !== "enforce") return;
  const { request } = trigger;
  const { arn } = trigger.request.target;
  const now = guard.clock();
  if (!isFresh(request, now)) return;
  const observation = await guard.keys.observe(arn);
  const ours =
    observation.kind === "pending"
      ? now < observation.deletePendingAt && isRequestOf(observation.deletePendingAt, request)
      : observation.kind === "live" && restoredHere;
  if (!ours) return;
  await advance({
    guard: { ...guard, cases: announcingStore(guard, arn), inventory: { lastSeen: async () => undefined } },
    trigger: "event",
    owner: guard.newRunId(),
    arn,
    deliveries: trigger.deliveries,
    unrecordedAttempt: restoredHere,
    earlier: [],
    observation,
    news: request,
    files: [],
    dueAt: now,
    restoredHere,
  });
}

/** A store that remembers nothing: each intent goes to the log and to the bus instead, and none waits for either. */
function announcingStore({ bus, log }: Guard, keyArn: KeyArn): CaseStore {
  return {
    history: async () => ({ earlierEventIds: new Set<string>() }),
    read: async () => undefined,
    permits: async () => [],
    savePermit: async () => "conflict",
    save: async ({ chain }: CaseChange) => {
      const entries: readonly Entry[] = chain.entries;
      log("ACTING_WITHOUT_RECORD", { keyArn, entries: entries.map(({ kind }) => kind) });
      await bus.announceUnrecorded(keyArn, entries).catch((error: unknown) => {
        log("UNRECORDED_ANNOUNCEMENT_FAILED", { keyArn, code: codeOf(error) });
      });
      return "saved";
    },
    recordAttempt: async () => {},
    markPublished: async () => {},
    due: async () => [],
    countOpen: async () => 0,
    quarantine: async () => {},
  };
}
