import { describe, expect, it } from "vitest";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
import type { Guard } from "../../lib/workflows/guard/run.ts";
import { protectKey } from "../../lib/workflows/sweep/protect-key.ts";
import { allowReaper, asking, createTestGuard, policyWith } from "../doubles/guard.ts";
import { createKeyWorld, day, deletionRequest, keyArn, paymentKey, t0 } from "../doubles/key-world.ts";

const damaged = new GuardError("CASE_UNREADABLE", "retry", "entry 2: wrong-prev");
const down = new GuardError("STORE_UNAVAILABLE", "retry", "down");
const early = t0 + 1000;
/** The key may be destroyed in a day: less than the 48 h for which the sweep waits for a store. */
const late = t0 + 2 * day;

/** What happened to a key whose cases cannot be read for `error`, at `now`. */
async function protectedAt(now: number, error: Error, overrides: Partial<Guard> = {}) {
  const keys = createKeyWorld();
  const test = createTestGuard(keys, now, overrides);
  const restored = await protectKey(test.guard, { keyArn: keyArn(), listed: true }, error);
  return { ...test, keys, restored };
}

describe("a key whose cases are damaged", () => {
  it.each<[string, ReturnType<typeof policyWith>, boolean]>([
    ["restores it no matter who deleted it", policyWith(), true],
    ["asks, and restores meanwhile", asking({ meanwhile: "restored" }), true],
    ["asks, and leaves it pending meanwhile", asking({ meanwhile: "pending" }), false],
    ["allows some requester what it allows", policyWith([allowReaper]), false],
    [
      "lets it go, no matter who deleted it",
      policyWith([{ id: "let-go", when: { key: { arn: keyArn() } }, then: "allow" }]),
      false,
    ],
    ["observes", policyWith([], { mode: "observe" }), false],
  ])("is restored early only if the policy %s", async (_, policy, restored) => {
    const seen = await protectedAt(early, damaged, { policy });
    expect([seen.restored, seen.keys.state]).toEqual([restored, restored ? "CREATE_COMPLETE" : "DELETE_PENDING"]);
  });

  it("is restored at the last moment, whatever the policy says, unless it observes", async () => {
    expect((await protectedAt(late, damaged, { policy: asking({ meanwhile: "pending" }) })).restored).toBe(true);
    const observed = await protectedAt(late, damaged, { policy: policyWith([], { mode: "observe" }) });
    expect([observed.restored, observed.keys.calls]).toEqual([false, []]);
  });

  it("has its case set apart and named in the log, also while the policy observes", async () => {
    const apart: string[] = [];
    const { guard } = createTestGuard(createKeyWorld(), early);
    const quarantine = async (arn: string) => void apart.push(arn);
    const cases = { ...guard.cases, quarantine };
    const { logged } = await protectedAt(early, damaged, { cases, policy: policyWith([], { mode: "observe" }) });
    expect(apart).toEqual([keyArn()]);
    expect(logged).toEqual([{ code: "CASE_QUARANTINED", fields: { keyArn: keyArn(), reason: "entry 2: wrong-prev" } }]);
  });
});

describe("a key whose cases are out of reach", () => {
  it("waits for the store, and nothing is set apart", async () => {
    const { restored, logged, keys } = await protectedAt(early, down);
    expect([restored, logged, keys.state]).toEqual([false, [], "DELETE_PENDING"]);
  });

  it.each([
    ["waits", t0 + day - 1, false],
    ["waits no more", t0 + day, true],
  ])("%s 48 h before its destruction", async (_, now, restored) => {
    expect((await protectedAt(now, down)).restored).toBe(restored);
  });

  it("is restored with the bus as the record: the intent before, the outcome after", async () => {
    const { bus, logged } = await protectedAt(late, down);
    expect(bus.unrecorded).toEqual(["deletion-detected decided restore-intended", "key-restored key-usable"]);
    const entries = logged.map(({ code, fields }) => [code, fields["entries"]]);
    expect(entries).toEqual([
      ["ACTING_WITHOUT_RECORD", ["deletion-detected", "decided", "restore-intended"]],
      ["ACTING_WITHOUT_RECORD", ["key-restored", "key-usable"]],
    ]);
  });

  it("is restored also when the bus is silent", async () => {
    const fails = async () => await Promise.reject(new GuardError("BUS_UNAVAILABLE", "retry", "down"));
    const { restored, logged } = await protectedAt(late, down, { bus: { publish: fails, announceUnrecorded: fails } });
    expect(restored).toBe(true);
    expect(logged.filter(({ code }) => code === "UNRECORDED_ANNOUNCEMENT_FAILED")).toHaveLength(2);
  });

  it("that is alive is left alone", async () => {
    const keys = createKeyWorld({ state: "CREATE_COMPLETE" });
    const { guard } = createTestGuard(keys, late);
    expect(await protectKey(guard, { keyArn: keyArn(), listed: true }, down)).toBe(false);
    expect(keys.calls).toEqual(["GetKey"]);
  });

  it("whose restore is refused fails loudly, so that the next sweep tries again", async () => {
    const keys = createKeyWorld();
    const refused = { ...keys, restore: async () => ({ kind: "refused" as const, code: "ValidationException" }) };
    const { guard } = createTestGuard(keys, late, { keys: refused });
    await expect(protectKey(guard, { keyArn: keyArn(), listed: true }, down)).rejects.toMatchObject({
      code: "CONTROL_PLANE_REFUSED",
    });
  });

  it("that does not come back is not called restored", async () => {
    const keys = createKeyWorld();
    const observation = { kind: "unrecognised" as const, arn: paymentKey().arn, state: "SOMETHING_NEW" };
    const strange = { ...keys, restore: async () => ({ kind: "done" as const, observation }) };
    const { guard, bus } = createTestGuard(keys, late, { keys: strange });
    expect(await protectKey(guard, { keyArn: keyArn(), listed: true }, down)).toBe(false);
    expect(bus.unrecorded).toEqual(["deletion-detected decided restore-intended", "key-state-unknown"]);
  });
});

describe("a key that GetKey fails for, and whose records are out of reach too", () => {
  const unavailable = async () => await Promise.reject(new GuardError("CONTROL_PLANE_UNAVAILABLE", "retry", "down"));

  it.each([
    ["cannot be reached", down],
    ["are damaged", damaged],
  ])("is restored by the sweep where they %s: nothing can keep how long it has waited", async (_, error) => {
    const keys = createKeyWorld();
    const { guard } = createTestGuard(keys, early, { keys: { ...keys, observe: unavailable } });
    expect(await protectKey(guard, { keyArn: keyArn(), listed: true }, error)).toBe(true);
    expect(keys.state).toBe("CREATE_COMPLETE");
  });

  it.each([
    ["is left alone unless ListKeys shows it", false, policyWith()],
    ["is left alone while the policy observes", true, policyWith([], { mode: "observe" })],
  ])("%s", async (_, listed, policy) => {
    const keys = createKeyWorld();
    const { guard } = createTestGuard(keys, early, { keys: { ...keys, observe: unavailable }, policy });
    expect(await protectKey(guard, { keyArn: keyArn(), listed }, down)).toBe(false);
    expect(keys.state).toBe("DELETE_PENDING");
  });

  it("is not restored by its event within the hour in which GetKey may answer again", async () => {
    const keys = createKeyWorld();
    const test = createTestGuard(keys, t0 + 3_599_999, { keys: { ...keys, observe: unavailable } });
    const fails = async () => await Promise.reject(down);
    const guard = { ...test.guard, cases: { ...test.guard.cases, history: fails, save: fails } };
    const request = deletionRequest();
    const run = guardDeletion(guard, { source: "event", request: { ...request, at: t0 }, deliveries: 1 });
    await expect(run).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    expect(keys.state).toBe("DELETE_PENDING");
  });
});
