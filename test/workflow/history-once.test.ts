import { describe, expect, it } from "vitest";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
import { allowReaper, policyWith } from "../doubles/guard.ts";
import { createKeyRing } from "../doubles/key-ring.ts";
import { deletionRequest, reaper, t0 } from "../doubles/key-world.ts";
import { sweepsOver } from "../doubles/paced-sweep.ts";

/** Three keys whose deletions a rule allows: each of them awaits CloudTrail's confirmation. */
async function threeInDoubt() {
  const ring = createKeyRing(3, () => true);
  const sweeps = sweepsOver(ring, { guard: { policy: policyWith([allowReaper]) } });
  for (const [n, { key }] of [...ring.worlds.values()].entries()) {
    const eventId = `0000000${n}-0000-4000-8000-000000000000`;
    const request = deletionRequest({ eventId, requester: reaper, target: { kind: "arn", arn: key.arn } });
    sweeps.calls.set(key.arn, [request]);
    await guardDeletion({ ...sweeps.guard, keys: ring }, { source: "event", deliveries: 1, request });
  }
  sweeps.time.now = t0 + 20 * 60_000;
  return sweeps;
}

describe("the event history of CloudTrail, at 2 lookups a second for the whole account,", () => {
  it("is read once for all keys of a sweep, and not at all where nothing is in doubt", async () => {
    const { tick, lookups, kinds } = await threeInDoubt();
    await tick();
    expect(kinds().map((entries) => entries.at(-1))).toEqual(Array(3).fill("requester-confirmed"));
    expect(lookups.reads).toBe(1);
    await tick();
    expect(lookups.reads).toBe(1);
  });

  it("is tried once in a sweep in which it cannot be read, and again in the next", async () => {
    const { tick, lookups, kinds, time } = await threeInDoubt();
    lookups.fails = new GuardError("HISTORY_UNAVAILABLE", "retry", "down");
    await tick();
    expect(lookups.reads).toBe(1);
    lookups.fails = undefined;
    time.now += 15 * 60_000;
    await tick();
    expect(kinds().map((entries) => entries.at(-1))).toEqual(Array(3).fill("requester-confirmed"));
    // Half an hour after the deletions it is also read forward, once for all keys.
    expect(lookups.reads).toBe(3);
  });
});
