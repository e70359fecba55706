import { guard } from "../../local/world/people.ts";
import type { World } from "../../local/world/world.ts";
import type { Bench } from "../bench.ts";
import { compared, measured, type Result } from "../result.ts";
import { deleteAll, seedKeys, usableKeys, withPackaged, withWorld } from "./with-world.ts";

/** What the service permits, for all callers together. */
const callsPerSecond = 5;
const guardCallsPerSecond = 3;
/** What this machine takes for a call counts so many times. */
const speed = 15;

export const storm: Bench = {
  name: "storm",
  title: "2,000 keys deleted at once",
  about:
    "All keys that an account may have, deleted at once under the service's limit of 5 calls a second, in the local world at 15 times its speed: how long it takes from the last DeleteKey until all are usable again, against what the guard's share of 3 calls a second permits for the calls it made.",
  ifMissed: {
    "2,000 keys usable again": `The world's clock runs ${speed} times as fast, so that whatever this machine takes for a call, beside other work, counts ${speed} times.`,
  },
  measure: async ({ quick, progress }) =>
    await withPackaged(async (packaged) => {
      const count = quick ? 200 : 2_000;
      progress(`storm: ${count} keys`);
      return await withWorld(packaged, async (world) => await restoreAll(world, count));
    }),
};

async function restoreAll(world: World, count: number): Promise<readonly Result[]> {
  const { controlPlane, clock } = world;
  deleteAll(world, seedKeys(world, count));
  const began = clock.now();
  controlPlane.limitTo(callsPerSecond);
  clock.setSpeed(speed);
  await world.settle({ advance: true });
  clock.setSpeed(1);
  controlPlane.limitTo(null);
  if (usableKeys(world) !== count) throw new Error(`${usableKeys(world)} of ${count} keys are usable`);
  const calls = controlPlane.calls.filter(({ accessKeyId }) => accessKeyId === guard.accessKeyId);
  const answered = calls.filter(({ errorName }) => errorName === undefined);
  const elapsed = ((calls.at(-1)?.at ?? began) - began) / 1000;
  const name = `${count.toLocaleString("en-US")} keys usable again`;
  const against = "what the quota permits";
  return [
    compared(
      { name, unit: "s", against, target: { figure: "ratio", atMost: 1.1 } },
      [elapsed],
      [answered.length / guardCallsPerSecond],
    ),
    measured({ name: "calls to the control plane per key", unit: "calls", target: { figure: "value", atMost: 2.1 } }, [
      calls.length / count,
    ]),
  ];
}
