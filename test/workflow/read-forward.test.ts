import { describe, expect, it } from "vitest";
import type { DeletionRequest } from "../../lib/domain/deletion/request.ts";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
import { dueMark, readForward } from "../../lib/workflows/sweep/read-forward.ts";
import { createHistory, createMemoryMarks } from "../doubles/event-history.ts";
import { createFloodedHistory } from "../doubles/flooded-history.ts";
import { allowReaper, createTestGuard, policyWith } from "../doubles/guard.ts";
import { createKeyWorld, day, deletionRequest, keyArn, reaper, t0 } from "../doubles/key-world.ts";

const minute = 60_000;
const hour = 60 * minute;
const first = deletionRequest({ requester: reaper });
const byAlice = deletionRequest({ eventId: "22222222-2222-4222-8222-222222222222", at: t0 + 2 * hour });
const watched = { since: new Map([[keyArn(), t0]]), isAll: true };
const event = (request: DeletionRequest) => ({ source: "event" as const, request, deliveries: 1 });

/** A key whose deletion a rule allowed. */
async function allowedDeletion() {
  const keys = createKeyWorld({ deletePendingAt: t0 + 3 * day });
  const test = createTestGuard(keys, t0 + 1000, { policy: policyWith([allowReaper]) });
  await guardDeletion(test.guard, event(first));
  return { ...test, keys };
}

type Allowed = Awaited<ReturnType<typeof allowedDeletion>>;

/** Reads forward for 40 s every five minutes until `until` (ms). Answers how far behind (ms) it was each time. */
async function readUntil({ guard, time }: Allowed, history: ReturnType<typeof createFloodedHistory>, until: number) {
  const marks = createMemoryMarks();
  const behind: number[] = [];
  while (time.now < until) {
    const began = time.now;
    const due = dueMark(watched, marks.mark, began);
    const timeLeft = () => began + 40_000 - time.now;
    if (due !== undefined)
      await readForward({ guard, history, marks, timeLeft, onCaseProcessed: () => {} }, watched, due);
    behind.push(time.now - (marks.mark?.seen ?? t0));
    time.now = Math.max(time.now, began + 5 * minute);
  }
  return { marks, behind };
}

describe("reading the history forward", () => {
  it("keeps up with five failed calls a second, and finds the one that deletes the key again", async () => {
    const test = await allowedDeletion();
    const calls = [first, byAlice];
    const history = createFloodedHistory({ time: test.time, begins: t0, perSecond: 5, calls: () => calls });
    const { behind } = await readUntil(test, history, t0 + 30 * hour);
    expect(Math.max(...behind)).toBeLessThan(2 * hour);
    expect(test.kinds()[0]).toEqual(expect.arrayContaining(["restore-intended", "key-restored"]));
    // Three pages in two seconds, 40 s of every five minutes.
    expect(history.counts.pages).toBeLessThanOrEqual(30 * 12 * 62);
  });

  it("catches up with a flood of a whole day, in stretches that end", async () => {
    const test = await allowedDeletion();
    test.time.now = t0 + day;
    const history = createFloodedHistory({ time: test.time, begins: t0, perSecond: 5, calls: () => [first] });
    const { behind } = await readUntil(test, history, t0 + 3 * day);
    expect(behind.findIndex((ms) => ms < hour)).toBeGreaterThan(0);
    expect(behind.at(-1)).toBeLessThan(hour);
  });

  it("needs one page every half hour where nothing is to be read", async () => {
    const test = await allowedDeletion();
    const history = createFloodedHistory({ time: test.time, begins: t0, perSecond: 0, calls: () => [first] });
    await readUntil(test, history, t0 + 10 * hour);
    expect(history.counts.pages).toBeLessThanOrEqual(20);
    expect(history.counts.pages).toBeGreaterThanOrEqual(18);
  });

  it("sees a call that CloudTrail shows within an hour", async () => {
    const test = await allowedDeletion();
    const late = deletionRequest({ eventId: byAlice.eventId, at: t0 + hour });
    const calls = () => (test.time.now >= late.at + 59 * minute ? [first, late] : [first]);
    const history = createFloodedHistory({ time: test.time, begins: t0, perSecond: 0, calls });
    await readUntil(test, history, t0 + 3 * hour);
    expect(test.keys.state).toBe("CREATE_COMPLETE");
  });

  const reading = (test: Allowed, history = createHistory({ calls: () => [first, byAlice] })) => {
    const marks = createMemoryMarks();
    test.time.now = t0 + 3 * hour;
    const due = dueMark(watched, undefined, test.time.now);
    if (due === undefined) throw new Error("nothing is due");
    const reader = { guard: test.guard, history, marks, timeLeft: () => 40_000, onCaseProcessed: () => {} };
    return { marks, read: async (changed = {}) => await readForward({ ...reader, ...changed }, watched, due) };
  };

  it("leaves the mark where it is if a call that it found cannot be recorded", async () => {
    const test = await allowedDeletion();
    const { marks, read } = reading(test);
    const save = async () => await Promise.reject(new GuardError("STORE_UNAVAILABLE", "retry", "down"));
    const guard = { ...test.guard, cases: { ...test.guard.cases, save } };
    await expect(read({ guard })).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    expect(marks.mark).toBeUndefined();
  });

  it("leaves the mark where it is while another run is at work on the key", async () => {
    const test = await allowedDeletion();
    const { newest } = await test.cases.history(keyArn());
    if (newest === undefined) throw new Error("there is no case");
    const lease = { owner: "another", until: t0 + 4 * hour };
    const claim = { keyArn: keyArn(), generation: 1, chain: newest.chain, expectedLength: newest.chain.entries.length };
    await test.cases.save({
      ...{ ...claim, owner: "another", lease, status: "following", dueAt: t0, failures: 0, now: t0 },
    });
    const { marks, read } = reading(test);
    await expect(read()).rejects.toMatchObject({ code: "CASE_CHANGED" });
    expect(marks.mark).toBeUndefined();
  });

  it("attaches a call once, and passes over those of other keys and of earlier times", async () => {
    const test = await allowedDeletion();
    const other = deletionRequest({ eventId: "a", target: { kind: "arn", arn: keyArn("another000000000") } });
    const before = deletionRequest({ eventId: "b", at: t0 - 1000 });
    const { marks, read } = reading(test, createHistory({ calls: () => [other, before, byAlice, first] }));
    expect(await read()).toBe(true);
    const entries = test.cases.chains()[0]?.entries.filter(({ kind }) => kind === "deletion-detected");
    expect(entries).toMatchObject([{ request: { eventId: first.eventId } }, { request: { eventId: byAlice.eventId } }]);
    expect(test.cases.chains()).toHaveLength(1);
    expect(marks.mark).toMatchObject({ from: t0, settled: t0 + 2 * hour, seen: t0 + 3 * hour });
  });

  it("is not due where no deletion is watched", () => {
    expect(dueMark({ since: new Map(), isAll: true }, undefined, t0 + day)).toBeUndefined();
  });

  it("is not done where a key that should be watched may be missing", () => {
    expect(dueMark({ ...watched, isAll: false }, undefined, t0 + day)).toBeUndefined();
  });
});
