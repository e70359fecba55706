import { describe, expect, it } from "vitest";
import { recordPause } from "../../lib/workflows/approve/record-pause.ts";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
import { policyWith } from "../doubles/guard.ts";
import { createKeyWorld, deletionRequest, t0 } from "../doubles/key-world.ts";
import { createTestSweep } from "../doubles/sweeper.ts";
import { sweepToTheEnd } from "../doubles/weeks.ts";

const second = deletionRequest({ eventId: "11111111-1111-4111-8111-111111111111", at: t0 + 1000 });
const event = (request = deletionRequest()) => ({ source: "event", request, deliveries: 1 }) as const;

describe("a key deleted twice within one case while the guard only observed", () => {
  it("is restored by the first sweep under enforce", async () => {
    const keys = createKeyWorld();
    const test = createTestSweep(keys, t0 + 5000, { policy: policyWith([], { mode: "observe" }) });
    await guardDeletion(test.guard, event());
    await guardDeletion(test.guard, event(second));
    expect(await sweepToTheEnd(test, keys, { policy: policyWith() })).toBe(1);
    expect(keys.state).toBe("CREATE_COMPLETE");
  });

  it("is restored when the pause ends", async () => {
    const keys = createKeyWorld();
    const policy = policyWith([], { pause: { from: "custodians", atMost: "4h" } });
    const test = createTestSweep(keys, t0 + 500, { policy });
    const deps = {
      pauses: test.pauses,
      directory: policy.directory,
      ...(policy.pause && { terms: policy.pause }),
      clock: test.guard.clock,
    };
    for (const name of ["alice", "bob"]) {
      const voter = { via: "aws", arn: `arn:aws:iam::111122223333:user/${name}`, userId: `AIDA${name}` } as const;
      await recordPause(deps, voter, { do: "pause", forMs: 2 * 3_600_000, reason: "INC-7" });
    }
    test.time.now = t0 + 5000;
    await guardDeletion(test.guard, event());
    await guardDeletion(test.guard, event(second));
    expect(await sweepToTheEnd(test, keys)).toBe(8);
    expect(keys.state).toBe("CREATE_COMPLETE");
  });
});

describe("a restore that is throttled after the key's time", () => {
  it("is tried again by every sweep until it holds", async () => {
    const keys = createKeyWorld();
    const test = createTestSweep(keys, t0 + 3 * 86_400_000 + 3_600_000);
    let calls = 0;
    const restore: typeof keys.restore = async (arn) => {
      calls += 1;
      return calls < 4 ? { kind: "refused", code: "ConflictException" } : await keys.restore(arn);
    };
    for (let n = 0; n < 4; n++) await test.run({ keys: { ...keys, restore } });
    expect([keys.state, calls]).toEqual(["CREATE_COMPLETE", 4]);
  });
});
