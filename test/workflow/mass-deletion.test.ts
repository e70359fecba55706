import { describe, expect, it } from "vitest";
import { createPace } from "../../lib/aws/payment-cryptography/pace.ts";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
import type { PaymentKeys } from "../../lib/workflows/ports/guard.ts";
import { createTestGuard } from "../doubles/guard.ts";
import { createKeyWorld, deletionRequest, keyArn, paymentKey, t0 } from "../doubles/key-world.ts";
import { mostWithin } from "../doubles/most-within.ts";

const keyCount = 200;
const callsPerSecond = 1.5;
const instances = 2;
/** How long (ms) one call to the control plane takes. */
const latency = 40;

/** Guards with clocks of their own that share what is to be done: the first that is free. */
async function restoreAll(startsStopped: boolean) {
  const calls: { at: number; operation: string }[] = [];
  const usableAt: number[] = [];
  const clocks = Array.from({ length: instances }, () => ({ now: t0 }));
  const paces = clocks.map((clock) =>
    createPace(
      callsPerSecond,
      () => clock.now,
      async (ms) => {
        clock.now += ms;
      },
    ),
  );
  for (let n = 0; n < keyCount; n++) {
    const turn = clocks.indexOf(clocks.reduce((first, clock) => (clock.now < first.now ? clock : first)));
    const clock = clocks[turn] ?? { now: t0 };
    const arn = keyArn(`mass${String(n).padStart(12, "0")}`);
    const key = paymentKey({ arn, ...(startsStopped && { enabled: false, usageStoppedAt: t0 }) });
    const keys = createKeyWorld({ key });
    const paced = Object.fromEntries(
      (["observe", "restore", "startUsage", "tags", "aliases"] as const).map((name) => [
        name,
        async (identifier: typeof arn) => {
          await paces[turn]?.();
          calls.push({ at: clock.now, operation: name });
          clock.now += latency;
          return await keys[name](identifier);
        },
      ]),
    ) as unknown as PaymentKeys;
    const { guard } = createTestGuard(keys, t0, { keys: paced, clock: () => clock.now });
    const request = deletionRequest({ target: { kind: "arn", arn } });
    await guardDeletion(guard, { source: "event", request, deliveries: 1 });
    expect(keys.key.enabled && keys.state === "CREATE_COMPLETE").toBe(true);
    usableAt.push(clock.now);
  }
  return { calls, lastUsable: (Math.max(...usableAt) - t0) / 1000 };
}

describe("200 deletions at once, on a clock of their own", () => {
  it.each([
    ["two calls each", false, 2],
    ["three where usage must be started", true, 3],
  ])("come back with %s, in at most 1.15 x what the guard's share permits", async (_, startsStopped, callsPerKey) => {
    const { calls, lastUsable } = await restoreAll(startsStopped);
    expect(calls).toHaveLength(callsPerKey * keyCount);
    expect(lastUsable).toBeLessThanOrEqual(1.15 * (calls.length / (instances * callsPerSecond)));
  });

  it("and the budget of 4 calls a second is never exceeded", async () => {
    const { calls } = await restoreAll(true);
    expect(
      mostWithin(
        1000,
        calls.map(({ at }) => at),
      ),
    ).toBeLessThanOrEqual(4);
  });
});
