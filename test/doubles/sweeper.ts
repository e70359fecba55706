import type { DeletionRequest } from "../../lib/domain/deletion-request.ts";
import type { KeyArn } from "../../lib/domain/key-arn.ts";
import type { CaseFile } from "../../lib/workflows/case-file.ts";
import type { Guard } from "../../lib/workflows/run.ts";
import { sweep } from "../../lib/workflows/sweep.ts";
import { createTestGuard } from "./guard.ts";
import { type KeyWorld, keyArn } from "./key-world.ts";

/** A guard and a sweep over one key, with what CloudTrail's history would say; `at` is their clock, ms. */
export function createTestSweep(keys: KeyWorld, at: number, overrides: Partial<Guard> = {}) {
  const made = createTestGuard(keys, at, overrides);
  const inHistory: { latest?: DeletionRequest; complete: boolean; fails?: Error; reads: number } = {
    complete: true,
    reads: 0,
  };
  const worked: CaseFile[] = [];
  const run = async (changed: Partial<Guard> = {}) =>
    await sweep({
      guard: { ...made.guard, ...changed },
      pendingKeys: async () => (keys.state === "DELETE_PENDING" ? [{ arn: keys.key.arn, usage: keys.key.usage }] : []),
      history: async () => {
        inHistory.reads += 1;
        if (inHistory.fails !== undefined) throw inHistory.fails;
        const { latest, complete } = inHistory;
        return { latest: new Map<KeyArn, DeletionRequest>(latest ? [[keyArn(), latest]] : []), complete };
      },
      timeLeft: () => 240_000,
      worked: (file) => worked.push(file),
    });
  return { ...made, inHistory, run, worked };
}
