import { describe, expect, it } from "vitest";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { type JudgedRequest, judgeAndAppend, type LeaseWait } from "../../lib/workflows/approve/judge-and-append.ts";
import { recordPause } from "../../lib/workflows/approve/record-pause.ts";
import { recordPermit } from "../../lib/workflows/approve/record-permit.ts";
import { recordVote } from "../../lib/workflows/approve/record-vote.ts";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
import { asking, createTestGuard } from "../doubles/guard.ts";
import { createKeyWorld, day, deletionRequest, keyArn, t0 } from "../doubles/key-world.ts";
import { voteBy, voteDepsOf } from "../doubles/vote-deps.ts";

type Answer = "saved" | "conflict";

/** Adds 1 to what is stored. Before each write, someone else may add to it, or take or release a lease. */
function counter(overrides: Partial<JudgedRequest<{ value: number; leased: boolean }, number>> = {}) {
  const stored = { value: 0, leased: false };
  const seen = { reads: 0, writes: 0 };
  const rivals: (() => void)[] = [];
  const request: JudgedRequest<{ value: number; leased: boolean }, number> = {
    read: async () => {
      seen.reads += 1;
      return { ...stored };
    },
    judge: ({ value }) => ({
      outcome: value + 1,
      save: async (): Promise<Answer> => {
        seen.writes += 1;
        rivals.shift()?.();
        if (stored.value !== value || stored.leased) return "conflict";
        stored.value = value + 1;
        return "saved";
      },
    }),
    maxRounds: 4,
    gaveUp: () => new GuardError("CASE_CHANGED", "retry", "changed"),
    clock: () => t0,
    ...overrides,
  };
  return { request, stored, seen, rivals };
}

describe("a request that is judged and appended", () => {
  it("is judged again after a conflict, against what the other left", async () => {
    const { request, stored, seen, rivals } = counter();
    rivals.push(() => {
      stored.value = 7;
    });
    expect(await judgeAndAppend(request)).toBe(8);
    expect([stored.value, seen.reads]).toEqual([8, 2]);
  });

  it("gives up with its own error after as many rounds as it has, and has written nothing", async () => {
    const { request, stored, seen, rivals } = counter();
    for (let n = 0; n < 10; n++)
      rivals.push(() => {
        stored.value += 10;
      });
    await expect(judgeAndAppend(request)).rejects.toMatchObject({ code: "CASE_CHANGED" });
    expect([stored.value, seen]).toEqual([40, { reads: 4, writes: 4 }]);
  });

  it("reads once and writes nothing where the judgement records nothing", async () => {
    const { request, seen } = counter({ judge: () => ({ outcome: 0 }) });
    expect(await judgeAndAppend(request)).toBe(0);
    expect(seen).toEqual({ reads: 1, writes: 0 });
  });

  const waiting = (pauses: number[], release = () => {}): LeaseWait<{ leased: boolean }> => ({
    isLeased: ({ leased }) => leased,
    pause: async (ms) => {
      pauses.push(ms);
      if (pauses.length === 2) release();
    },
    waitMs: 150,
    maxWaits: 3,
  });

  it("waits while what it reads is leased, and is judged once it is released", async () => {
    const pauses: number[] = [];
    const made = counter({
      leaseWait: waiting(pauses, () => {
        made.stored.leased = false;
      }),
    });
    made.stored.leased = true;
    expect(await judgeAndAppend(made.request)).toBe(1);
    expect([pauses, made.seen]).toEqual([[150, 150], { reads: 3, writes: 1 }]);
  });

  it("tries one write after its last wait, and gives up on a conflict, whatever rounds are left", async () => {
    const pauses: number[] = [];
    const { request, stored, seen } = counter({ maxRounds: 100, leaseWait: waiting(pauses) });
    stored.leased = true;
    await expect(judgeAndAppend(request)).rejects.toMatchObject({ code: "CASE_CHANGED" });
    expect([pauses.length, seen]).toEqual([3, { reads: 4, writes: 1 }]);
  });
});

/** A write that takes effect and whose answer is lost: it is sent again, as the SDK does. */
const sentTwice =
  <Change>(write: (change: Change) => Promise<Answer>) =>
  async (change: Change) => {
    expect(await write(change)).toBe("saved");
    return await write(change);
  };
const voterOf = (name: string) =>
  ({ via: "aws", arn: `arn:aws:iam::111122223333:user/${name}`, userId: `AIDA${name}` }) as const;

describe("an own write whose answer was lost counts as saved, in the stores in memory,", () => {
  it("of a vote", async () => {
    const { guard, kinds } = createTestGuard(createKeyWorld(), t0 + 1000, { policy: asking() });
    await guardDeletion(guard, { source: "event", request: deletionRequest(), deliveries: 1 });
    const cases = { ...guard.cases, save: sentTwice(guard.cases.save) };
    const name = { keyArn: keyArn(), generation: 1 };
    const { verdict } = await recordVote({ ...voteDepsOf(guard), cases }, name, voteBy("bob", "approve"));
    expect(verdict).toMatchObject({ kind: "counted", state: "waiting" });
    expect(kinds()[0]?.filter((kind) => kind === "vote-cast")).toHaveLength(1);
  });

  it("of a permit command", async () => {
    const { guard } = createTestGuard(createKeyWorld(), t0, { policy: asking() });
    const cases = { ...guard.cases, savePermit: sentTwice(guard.cases.savePermit) };
    const stack = { account: "111122223333", region: "us-east-1" };
    const permitDeps = { cases, policy: asking(), stack, clock: () => t0 };
    const wish = { principal: "arn:aws:iam::111122223333:user/alice", minWaitingMs: 3 * day };
    const command = { do: "request", keyArn: keyArn(), wish, reason: "CHG-9" } as const;
    const { verdict } = await recordPermit(permitDeps, voterOf("dave"), command);
    expect(verdict).toMatchObject({ kind: "requested", name: { number: 1 } });
    expect((await guard.cases.permits(keyArn())).map(({ entries }) => entries.length)).toEqual([1]);
  });

  it("of a request for a pause", async () => {
    const { guard, pauses } = createTestGuard(createKeyWorld(), t0);
    const pauseDeps = {
      pauses: { ...pauses, save: sentTwice(pauses.save) },
      directory: guard.policy.directory,
      terms: { from: "custodians", atMostMs: day },
      clock: () => t0,
    };
    const request = { do: "pause", forMs: 3_600_000, reason: "INC-7" } as const;
    expect((await recordPause(pauseDeps, voterOf("alice"), request)).verdict).toMatchObject({ kind: "requested" });
    expect((await recordPause(pauseDeps, voterOf("bob"), request)).verdict).toMatchObject({ kind: "granted" });
    expect((await pauses.latest())?.entries).toHaveLength(2);
  });
});
