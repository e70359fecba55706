import { describe, expect, it } from "vitest";
import { GuardError } from "../../lib/domain/guard-error.ts";
import type { CaseStore } from "../../lib/workflows/ports/guard.ts";
import { countKeysAtRisk } from "../../lib/workflows/sweep/keys-at-risk.ts";
import type { SweepReport } from "../../lib/workflows/sweep/sweep.ts";
import { caseWith, detection, toRestore } from "../doubles/case-builder.ts";
import { createTestGuard } from "../doubles/guard.ts";
import { createKeyWorld, keyArn, t0 } from "../doubles/key-world.ts";

const down = async () => await Promise.reject(new GuardError("STORE_UNAVAILABLE", "retry", "down"));
const report: SweepReport = { pending: 0, done: 0, failed: 0, protectedKeys: 0, damaged: 0, left: 0, stepErrors: [] };
const restored = caseWith(
  detection(),
  toRestore,
  { kind: "restore-intended", late: false },
  { kind: "key-restored", enabled: false, how: "answered" },
);
const keys = [keyArn("a".repeat(16)), keyArn("b".repeat(16))];

interface Counting {
  readonly report?: Partial<SweepReport>;
  readonly pending?: () => Promise<never>;
  readonly cases?: Partial<CaseStore>;
  readonly timeLeft?: number;
  readonly worked?: typeof restored;
}

async function count({ report: over, pending, cases, timeLeft = 60_000, worked }: Counting) {
  const { guard } = createTestGuard(createKeyWorld(), t0);
  const lists = { pending: pending ?? (async () => keys.map((arn) => ({ arn, usage: "" }))) };
  const deps = { guard: { ...guard, cases: { ...guard.cases, ...cases } }, keyLists: lists, timeLeft: () => timeLeft };
  return await countKeysAtRisk(deps, { ...report, ...over }, new Map(worked ? [[keyArn(), worked]] : []));
}

describe("how many keys are at risk when a sweep is over", () => {
  it.each<[string, Counting, number | undefined]>([
    ["nothing is pending", {}, 0],
    ["a key is restored and not started", { worked: restored }, 1],
    ["two keys are pending without a case", { report: { pending: 2 } }, 2],
    ["their cases cannot be read", { report: { pending: 2 }, cases: { history: down } }, 2],
    [
      "the list fails now: what the sweep left and failed at",
      { report: { pending: 5, left: 3, failed: 1 }, pending: down },
      4,
    ],
    ["too little time is left: the same", { report: { pending: 5, left: 3, failed: 1 }, timeLeft: 14_999 }, 4],
    ["the sweep could not list the keys", { report: { stepErrors: [new Error("down")] } }, undefined],
  ])("where %s", async (_, counting, expected) => {
    expect(await count(counting)).toBe(expected);
  });

  it("does not list again what was not pending", async () => {
    expect(await count({ pending: down })).toBe(0);
  });
});
