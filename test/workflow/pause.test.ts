import { describe, expect, it } from "vitest";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { type PauseDeps, recordPause } from "../../lib/workflows/approve/record-pause.ts";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
import type { Guard } from "../../lib/workflows/guard/run.ts";
import type { PauseBook } from "../../lib/workflows/ports/guard.ts";
import { createTestGuard, policyWith } from "../doubles/guard.ts";
import { createKeyWorld, day, deletionRequest, t0 } from "../doubles/key-world.ts";
import { createMemoryPauseBook } from "../doubles/memory-pause-book.ts";
import { createTestSweep } from "../doubles/sweeper.ts";

const hour = 3_600_000;
const policy = policyWith([], { pause: { from: "custodians", atMost: "4h" } });
const event = { source: "event", request: deletionRequest(), deliveries: 1 } as const;

const voterOf = (name: string) =>
  ({ via: "aws", arn: `arn:aws:iam::111122223333:user/${name}`, userId: `AIDA${name}` }) as const;

/** What records requests for a pause at `now` (ms), over `pauses`. */
function pauseDepsOver(pauses: PauseBook, atMostMs: number, now: number): PauseDeps {
  return { pauses, directory: policy.directory, terms: { from: "custodians", atMostMs }, clock: () => now };
}

/** A book in which alice and bob have paused the guard at `at` (ms), for two hours. */
async function pausedBook(at: number) {
  const pauses = createMemoryPauseBook();
  const pauseDeps = pauseDepsOver(pauses, 4 * hour, at);
  for (const name of ["alice", "bob"])
    await recordPause(pauseDeps, voterOf(name), { do: "pause", forMs: 2 * hour, reason: "INC-7" });
  const end = async () => await recordPause(pauseDeps, voterOf("carol"), { do: "end", reason: "mended" });
  return { pauses, end };
}

describe("while two people have paused the guard", () => {
  it("a deletion is decided, recorded and left alone, and the record says why", async () => {
    const keys = createKeyWorld();
    const { pauses } = await pausedBook(t0);
    const { guard, cases, kinds } = createTestGuard(keys, t0 + 1000, { policy, pauses });
    await guardDeletion(guard, event);
    expect(keys.state).toBe("DELETE_PENDING");
    expect(kinds()).toEqual([["deletion-detected", "decided"]]);
    expect(cases.chains()[0]?.entries[1]).toMatchObject({ mode: "observe", pause: 1, policyHash: policy.hash });
  });

  it.each([
    ["the time is over", 2 * hour, async () => {}],
    ["someone ends it", 1000, async (end: () => Promise<unknown>) => void (await end())],
  ])("and once %s, the next sweep restores what was deleted meanwhile", async (_, later, ending) => {
    const keys = createKeyWorld();
    const { pauses, end } = await pausedBook(t0);
    const { run, guard, time, kinds, told } = createTestSweep(keys, t0 + 1000, { policy, pauses });
    await guardDeletion(guard, event);
    await run();
    expect(keys.state).toBe("DELETE_PENDING");
    time.now = t0 + 1000 + later;
    await ending(end);
    await run();
    expect(keys.state).toBe("CREATE_COMPLETE");
    expect(kinds()[0]?.slice(1, 4)).toEqual(["decided", "decided", "restore-intended"]);
    expect(told).toEqual([1, 1]);
  });

  it("a key with less than a day left is restored all the same", async () => {
    const keys = createKeyWorld();
    const at = t0 + 2 * day;
    const { pauses } = await pausedBook(at);
    const { guard } = createTestGuard(keys, at + 1000, { policy, pauses });
    await guardDeletion(guard, event);
    expect(keys.state).toBe("CREATE_COMPLETE");
  });

  it("a store that fails after the pause was read does not make the guard act", async () => {
    const keys = createKeyWorld();
    const { pauses } = await pausedBook(t0);
    const down = new GuardError("STORE_UNAVAILABLE", "retry", "down");
    const made = createTestGuard(keys, t0 + 1000, { policy, pauses });
    const cases = { ...made.cases, save: async () => await Promise.reject(down) };
    await expect(guardDeletion({ ...made.guard, cases }, event)).rejects.toBe(down);
    expect(keys.state).toBe("DELETE_PENDING");
  });

  it("the sweep restores nothing of a case that is damaged, unless its time runs out", async () => {
    const keys = createKeyWorld();
    const { pauses } = await pausedBook(t0);
    const damaged = new GuardError("CASE_UNREADABLE", "dead-letter", "damaged");
    const broken = (guard: Guard) => ({ ...guard.cases, history: async () => await Promise.reject(damaged) });
    const { run, guard } = createTestSweep(keys, t0 + 1000, { policy, pauses });
    expect(await run({ cases: broken(guard) })).toMatchObject({ protectedKeys: 0, damaged: 1 });
    const late = await pausedBook(t0 + 2 * day);
    expect(await run({ cases: broken(guard), pauses: late.pauses, clock: () => t0 + 2 * day })).toMatchObject({
      protectedKeys: 1,
    });
  });
});

describe("a pause that is not to be trusted", () => {
  it("pauses nothing when it cannot be read, and the log says so", async () => {
    const keys = createKeyWorld();
    const pauses = { latest: async () => await Promise.reject(new GuardError("STORE_UNAVAILABLE", "retry", "down")) };
    const { guard, logged } = createTestGuard(keys, t0 + 1000, { policy, pauses });
    await guardDeletion(guard, event);
    expect(keys.state).toBe("CREATE_COMPLETE");
    expect(logged).toContainEqual({ code: "PAUSE_UNREADABLE", fields: { code: "STORE_UNAVAILABLE" } });
  });

  it("is not even read where the policy names nobody who may pause, or only observes", async () => {
    const keys = createKeyWorld();
    const pauses = { latest: async () => await Promise.reject(new Error("nobody asked")) };
    for (const other of [policyWith(), policyWith([], { mode: "observe", pause: { from: "custodians" } })]) {
      const { guard, logged } = createTestGuard(keys, t0 + 1000, { policy: other, pauses });
      await guardDeletion(guard, event);
      expect(logged.map(({ code }) => code)).not.toContain("PAUSE_UNREADABLE");
    }
  });
});

describe("two people who say so at the same time", () => {
  it("pause the guard once: the slower one reads again", async () => {
    const pauses = createMemoryPauseBook();
    const pauseDeps = pauseDepsOver(pauses, 4 * hour, t0);
    const request = { do: "pause", forMs: hour, reason: "INC-7" } as const;
    const verdicts = await Promise.all(
      ["alice", "bob"].map(async (name) => (await recordPause(pauseDeps, voterOf(name), request)).verdict.kind),
    );
    expect(verdicts.sort()).toEqual(["granted", "requested"]);
  });

  it("get CASE_CHANGED from a book that never takes their request", async () => {
    const pauses = { ...createMemoryPauseBook(), save: async () => "conflict" as const };
    const pauseDeps = pauseDepsOver(pauses, hour, t0);
    await expect(
      recordPause(pauseDeps, voterOf("alice"), { do: "pause", forMs: hour, reason: "INC-7" }),
    ).rejects.toMatchObject({ code: "CASE_CHANGED" });
  });
});
