import { describe, expect, it } from "vitest";
import { metricFor } from "../../functions/shared/log-table.ts";
import { codeOf, GuardError } from "../../lib/domain/guard-error.ts";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
import type { Guard } from "../../lib/workflows/guard/run.ts";
import type { LogCode } from "../../lib/workflows/ports/log-code.ts";
import { policyWith } from "../doubles/guard.ts";
import { createKeyWorld, day, deletionRequest, keyArn, reaper, t0 } from "../doubles/key-world.ts";
import { createTestSweep } from "../doubles/sweeper.ts";

const minute = 60_000;
const hour = 60 * minute;
const byTag = {
  id: "reap-test",
  when: {
    key: { tags: { Environment: ["test"] } },
    requester: { role: "arn:aws:iam::111122223333:role/ci/key-reaper" },
  },
  then: "allow",
};
const enforcing = policyWith([byTag]);
const throttled = async () => await Promise.reject(new GuardError("CONTROL_PLANE_UNAVAILABLE", "retry", "throttled"));
const byReaper = deletionRequest({ requester: reaper });

function world(overrides: Partial<Guard> = {}) {
  const keys = createKeyWorld({ tagsOfKey: { Environment: "test" } });
  const test = createTestSweep(keys, t0 + minute, { policy: enforcing, ...overrides });
  test.inHistory.calls = [byReaper];
  const deliver = async (guard: Guard, deliveries = 1) =>
    await guardDeletion(guard, { source: "event", request: byReaper, deliveries }).then(() => "done", codeOf);
  const unreadable = { ...keys, tags: throttled };
  const counted = () =>
    test.logged.filter(({ code, fields }) => metricFor(code as LogCode, fields) === "FactsUnreadable").length;
  return { ...test, keys, deliver, unreadable, counted };
}

describe("a decision whose labels cannot be read", () => {
  it("waits for one more sweep when an old case is decided under enforce, and then allows the deletion", async () => {
    const { run, deliver, guard, time, keys, unreadable, kinds, counted } = world();
    await deliver({ ...guard, policy: policyWith([byTag], { mode: "observe" }) });
    time.now += hour;
    await run({ keys: unreadable });
    expect(keys.calls).not.toContain("RestoreKey");
    expect(counted()).toBe(1);
    time.now += 5 * minute;
    await run();
    expect(kinds()).toEqual([["deletion-detected", "decided", "decided", "deletion-allowed", "requester-confirmed"]]);
  });

  it("leaves its case due at once, for the next sweep should the message be lost", async () => {
    const { deliver, guard, cases, unreadable } = world();
    expect(await deliver({ ...guard, keys: unreadable })).toBe("CONTROL_PLANE_UNAVAILABLE");
    expect([...cases.items.values()].map(({ dueAt }) => dueAt)).toEqual([t0 + minute]);
    expect(await cases.due(t0 + minute, 10)).toHaveLength(1);
  });

  it("is made without them by the next sweep after a minute, and restores the key", async () => {
    const { run, deliver, guard, time, keys, unreadable } = world();
    await deliver({ ...guard, policy: policyWith([byTag], { mode: "observe" }) });
    for (const [after, state] of [
      [hour, "DELETE_PENDING"],
      [59_999, "DELETE_PENDING"],
      [1, "CREATE_COMPLETE"],
    ] as const) {
      time.now += after;
      await run({ keys: unreadable });
      expect(keys.state).toBe(state);
    }
  });

  it("waits again when the labels were read in between", async () => {
    const { run, deliver, guard, time, keys, unreadable } = world();
    await deliver({ ...guard, keys: unreadable });
    time.now += hour;
    await run({ policy: policyWith([byTag], { mode: "observe" }) });
    time.now += hour;
    await run({ keys: unreadable });
    expect(keys.state).toBe("DELETE_PENDING");
  });

  it("opens the case at once, and is made at the third delivery", async () => {
    const { deliver, guard, keys, unreadable, kinds, counted } = world();
    const unlabelled = { ...guard, keys: unreadable };
    expect(await deliver(unlabelled, 1)).toBe("CONTROL_PLANE_UNAVAILABLE");
    expect(kinds()).toEqual([["deletion-detected"]]);
    expect(await deliver(unlabelled, 2)).toBe("CONTROL_PLANE_UNAVAILABLE");
    expect(await deliver(unlabelled, 3)).toBe("done");
    expect(keys.state).toBe("CREATE_COMPLETE");
    expect(counted()).toBe(3);
  });

  it("does not count the deliveries before labels were missing", async () => {
    const { deliver, guard, keys, unreadable } = world();
    expect(await deliver({ ...guard, keys: unreadable }, 3)).toBe("CONTROL_PLANE_UNAVAILABLE");
    expect(await deliver(guard, 4)).toBe("done");
    expect(keys.calls).not.toContain("RestoreKey");
  });

  it("waits for nothing in the last 48 hours", async () => {
    const { run, deliver, guard, time, keys, unreadable } = world();
    await deliver({ ...guard, policy: policyWith([byTag], { mode: "observe" }) });
    time.now = t0 + day;
    await run({ keys: unreadable });
    expect(keys.state).toBe("CREATE_COMPLETE");
  });
});

describe("a question that a new policy would allow by a label", () => {
  it("stays open while the label cannot be read, and the failure is counted", async () => {
    const approval = { from: "custodians", quorum: 2, within: "24h", meanwhile: "pending" };
    const ask = { id: "ask", when: {}, then: "ask", approval };
    const { run, deliver, guard, time, keys, unreadable, kinds, counted, logged } = world({
      policy: policyWith([ask]),
    });
    await deliver(guard);
    time.now += 15 * minute;
    await run();
    logged.length = 0;
    time.now += hour;
    await run({ policy: { ...policyWith([byTag, ask]), hash: "e".repeat(64) }, keys: unreadable });
    expect([keys.state, kinds()[0]?.at(-1), counted()]).toEqual(["DELETE_PENDING", "requester-confirmed", 1]);
  });
});

describe("a look at a key that shows no time", () => {
  it.each(["no-time", "malformed"] as const)("is counted, with the reason %s", async (why) => {
    const { guard, keys, deliver, logged, counted } = world();
    const observe = async () =>
      keys.state === "DELETE_PENDING"
        ? ({ kind: "undated", arn: keyArn(), why } as const)
        : await keys.observe(keyArn());
    await deliver({ ...guard, keys: { ...keys, observe } });
    expect(logged).toContainEqual({ code: "KEY_HIDDEN", fields: { keyArn: keyArn(), why } });
    expect([keys.state, counted()]).toEqual(["CREATE_COMPLETE", 1]);
  });
});
