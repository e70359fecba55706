import type { DeletionRequest } from "../../lib/domain/deletion/request.ts";
import { changePermitText } from "../../lib/domain/ledger/change-permit-name.ts";
import type { CaseFile } from "../../lib/workflows/guard/case-file.ts";
import type { Guard } from "../../lib/workflows/guard/run.ts";
import type { InventoriedKey, KeyInventory } from "../../lib/workflows/ports/guard.ts";
import type { KeyLists } from "../../lib/workflows/ports/sweep.ts";
import { sweep } from "../../lib/workflows/sweep/sweep.ts";
import { createMemoryQuestions } from "./change-questions.ts";
import { createMemoryChangePermits } from "./change-world.ts";
import { createHistory, createMemoryMarks } from "./event-history.ts";
import { createTestGuard } from "./guard.ts";
import type { KeyWorld } from "./key-world.ts";
import { createMemoryLabelBook } from "./label-inventory.ts";
import { noRecords } from "./stack-records.ts";
import { createMemoryStates } from "./state-inventory.ts";

/** ListKeys of an account with one key. */
export function keyListsOf(keys: KeyWorld): KeyLists {
  return {
    pending: async () => {
      keys.calls.push("ListKeys");
      return keys.state === "DELETE_PENDING" ? [{ arn: keys.key.arn, usage: keys.key.usage }] : [];
    },
    all: async () => {
      keys.calls.push("ListKeys");
      return [{ ...keys.key, alive: keys.state === "CREATE_COMPLETE", pending: keys.state === "DELETE_PENDING" }];
    },
    allAliases: async () => {
      keys.calls.push("ListAliases");
      return keys.aliasesOfKey.map((alias) => ({ alias, target: keys.key.arn }));
    },
  };
}

/** An inventory that was taken just now, unless told otherwise. */
export function createMemoryInventory(takenAt: number | undefined): KeyInventory & { taken: InventoriedKey[][] } {
  const taken: InventoriedKey[][] = [];
  let lastTaken = takenAt;
  return {
    taken,
    lastSeen: async () => undefined,
    labelsSeen: async () => undefined,
    takenAt: async () => lastTaken,
    take: async (keys, at) => {
      taken.push([...keys]);
      lastTaken = at;
      return new Set();
    },
  };
}

/** A guard and a sweep over one key, with what CloudTrail's history would say; `at` is their clock, ms. */
export function createTestSweep(keys: KeyWorld, at: number, overrides: Partial<Guard> = {}) {
  const made = createTestGuard(keys, at, overrides);
  /** What CloudTrail's history has: `calls`, or else the one call `latest`. */
  const inHistory: {
    latest?: DeletionRequest;
    calls?: readonly DeletionRequest[];
    complete: boolean;
    fails?: Error;
    readonly reads: number;
    readonly records: number;
    otherIds: string[];
  } = {
    complete: true,
    otherIds: [],
    get reads() {
      return history.counts.reads;
    },
    get records() {
      return history.counts.records;
    },
  };
  const history = createHistory({
    calls: () => inHistory.calls ?? (inHistory.latest === undefined ? [] : [inHistory.latest]),
    complete: () => inHistory.complete,
    fails: () => inHistory.fails,
    otherIds: inHistory.otherIds,
  });
  const marks = createMemoryMarks();
  const worked: CaseFile[] = [];
  const told: number[] = [];
  const permits = createMemoryChangePermits();
  const notified: string[] = [];
  const sequenced: string[][] = [];
  const inventory = createMemoryInventory(at);
  const labels = createMemoryLabelBook(4, at);
  const run = async (changed: Partial<Guard> = {}) =>
    await sweep({
      guard: { ...made.guard, ...changed },
      keyLists: keyListsOf(keys),
      inventory,
      labels,
      states: createMemoryStates(),
      records: noRecords,
      ...{ history, marks },
      notifyPauseChanged: async (pauseNumber) => void told.push(pauseNumber),
      reminders: {
        questions: createMemoryQuestions(permits),
        notify: async (name) => void notified.push(changePermitText(name)),
      },
      sequence: async (chains = []) => {
        sequenced.push(chains.map(({ name }) => name));
        return { left: false };
      },
      timeLeft: () => 240_000,
      onCaseProcessed: (file) => worked.push(file),
    });
  return { ...made, inHistory, marks, inventory, labels, run, worked, told, permits, notified, sequenced };
}
