import { type Load, measureLoad } from "../../test/simulation/load.ts";
import { lostEventsPlan } from "../../test/simulation/load-plans.ts";
import type { Bench } from "../bench.ts";
import { compared, measured, type Result, type Target } from "../result.ts";
import { sweepMemory } from "./sweep-memory.ts";
import { withSimulation } from "./with-simulation.ts";
import { withPackaged } from "./with-world.ts";

/** The share of the sweep. */
const sweepCallsPerSecond = 1;
/** GetKey and RestoreKey; tags and aliases, which this policy reads where it does not know the requester. */
const callsTarget: Target = { figure: "value", atMost: 4 };
const memoryTarget: Target = { figure: "value", atMost: 150 };

export const sweep: Bench = {
  name: "sweep",
  title: "A sweep, where every event was lost",
  about:
    "100 to 500 keys on the simulator, of which 1 % or all are deleted at once and no event arrives. Sweeps run every five minutes and make one call a second; virtual time from the deletion, right before a sweep, until all keys are usable again, against what one call a second permits for the calls made. This policy reads tags and aliases of a key whose requester is not known, a call each; every sweep lists the keys, 100 a page. Memory is that of the packaged sweep in a process of its own with 60 MB of heap and no pace to keep, in the local world.",
  ifMissed: {
    "500 keys, 100 % pending: calls per pending key":
      "Over twelve sweeps GetKey is called 571 times instead of 500, the other operations 500 times each. Which keys later sweeps look at a second time was not looked into.",
  },
  measure: async ({ quick, progress }) => {
    const sizes = quick ? [100] : [100, 500];
    const loads = await withSimulation(async (tools) => {
      const results: Result[] = [];
      for (const keys of sizes)
        for (const share of [0.01, 1]) {
          const name = `${keys.toLocaleString("en-US")} keys, ${share * 100} % pending`;
          progress(`sweep: ${name}`);
          const pending = keys * share;
          results.push(...resultsOf(name, pending, share, await measureLoad(lostEventsPlan(keys, pending), tools)));
        }
      return results;
    });
    const most = quick ? 100 : 2_000;
    const name = `${most.toLocaleString("en-US")} keys, 100 % pending: peak memory`;
    progress(`sweep: ${name}`);
    const megabytes = await withPackaged(async (packaged) => await sweepMemory(packaged, most));
    return [...loads, measured({ name, unit: "MB", target: memoryTarget }, [megabytes])];
  },
};

function resultsOf(name: string, pending: number, share: number, load: Load): readonly Result[] {
  const { calls, callCount, usableAfterMs } = load;
  const { ListKeys: pages = 0 } = calls;
  // Where few are pending, reading keys for the inventory weighs more than they do.
  const perKey = share === 1 ? { target: callsTarget } : {};
  return [
    compared(
      { name, unit: "s", against: "one call a second" },
      [usableAfterMs / 1000],
      [callCount / sweepCallsPerSecond],
    ),
    measured({ name: `${name}: calls per pending key`, unit: "calls", ...perKey }, [(callCount - pages) / pending]),
    measured({ name: `${name}: pages of ListKeys, in all sweeps`, unit: "calls" }, [pages]),
  ];
}
