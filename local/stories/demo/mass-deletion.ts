import { guard, mallory } from "../../world/people.ts";
import type { DemoWorld } from "./demo-world.ts";
import type { Check, Scenario } from "./scenario.ts";

const keyCount = 200;
/** The service's own limit, for all callers together. */
const serviceCallsPerSecond = 5;
/** The guard's share: two instances at 1.5 each. */
const guardCallsPerSecond = 3;
const stackCallsPerSecond = 4;
/** Calls are counted over this long: when they arrive is this machine's business, and it may be a noisy one. */
const seconds = 5;
const speed = 10;

/** 200 keys deleted at once, under the service's limit of 5 calls a second: all come back, in the time that the quota permits. */
export const massDeletion: Scenario = {
  name: "mass-deletion",
  story: `${keyCount} keys are deleted at once, under the service's ${serviceCallsPerSecond} calls a second (the clock runs ${speed} times as fast).`,
  run: async (demoWorld) => {
    const { clock, controlPlane } = demoWorld.world;
    const keys = Array.from({ length: keyCount }, (_, n) => demoWorld.key({ alias: `alias/mass/${n}` }));
    const firstCall = controlPlane.calls.length;
    demoWorld.hold();
    for (const key of keys) await demoWorld.delete(mallory, key);
    const lastDeletion = clock.now();
    controlPlane.limitTo(serviceCallsPerSecond);
    clock.setSpeed(speed);
    demoWorld.release();
    try {
      await demoWorld.world.settle({ advance: true });
    } finally {
      clock.setSpeed(1);
      controlPlane.limitTo(null);
    }
    return await verdict(demoWorld, keys, lastDeletion, firstCall);
  },
};

async function verdict(demoWorld: DemoWorld, keys: readonly string[], lastDeletion: number, firstCall: number) {
  const { controlPlane } = demoWorld.world;
  const calls = controlPlane.calls.slice(firstCall).filter(({ accessKeyId }) => accessKeyId === guard.accessKeyId);
  const endings = await Promise.all(keys.map(async (key) => await demoWorld.ending(key)));
  const elapsed = (calls.at(-1)?.at ?? lastDeletion) - lastDeletion;
  const answered = calls.filter(({ errorName }) => errorName === undefined);
  const bound = (answered.length / guardCallsPerSecond) * 1000;
  const busiest = mostWithin(
    seconds * 1000,
    calls.map(({ at }) => at),
  );
  const [first] = endings;
  if (first === undefined) throw new Error("there is no key");
  const checks: Check[] = [
    [
      `all ${keys.length} keys are usable`,
      endings.every(({ enabled, keyState }) => enabled && keyState === "CREATE_COMPLETE"),
    ],
    [`${answered.length} calls are ${2 * keys.length}`, answered.length === 2 * keys.length],
    [`${(elapsed / 1000).toFixed(0)} s are at most 1.15 x ${(bound / 1000).toFixed(0)} s`, elapsed <= 1.15 * bound],
    [
      `${busiest} calls in the busiest ${seconds} s are at most ${seconds * stackCallsPerSecond}`,
      busiest <= seconds * stackCallsPerSecond,
    ],
    ["the service throttled next to none", calls.length - answered.length <= calls.length / 50],
    ["every chain verifies", endings.every(({ auditVerified }) => auditVerified)],
  ];
  return { ending: { ...first, timeToUsableMs: elapsed }, checks };
}

/** Most of `times` (ms) that fall into any window of `windowMs`. */
export function mostWithin(windowMs: number, times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  let first = 0;
  let most = 0;
  for (const [last, at] of sorted.entries()) {
    while (at - (sorted[first] ?? at) >= windowMs) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
