import { type Load, measureLoad } from "../../test/simulation/load.ts";
import { stormPlan } from "../../test/simulation/load-plans.ts";
import type { Bench } from "../bench.ts";
import { compared, measured, type Result } from "../result.ts";
import { withSimulation } from "./with-simulation.ts";

/** The share of the guard: two instances at 1.5 each. */
const guardCallsPerSecond = 3;

/** Keys of the run in which the sweep takes part. */
const sweptCount = 200;

export const storm: Bench = {
  name: "storm",
  title: "2,000 keys deleted at once",
  about:
    "All keys that an account may have, deleted at once under the service's limit of 5 calls a second, on the simulator: how long it takes in virtual time from the last DeleteKey until all are usable again, against what the guard's share of 3 calls a second permits for the calls it made. Events arrive at once, and no sweep runs. Then 200 keys, with the sweep every five minutes, which restores keys too and looks at others in vain.",
  measure: async ({ quick, progress }) =>
    await withSimulation(async (tools) => {
      const count = quick ? 200 : 2_000;
      const name = `${count.toLocaleString("en-US")} keys`;
      progress(`storm: ${name}`);
      const alone = await measureLoad(stormPlan(count, false), tools);
      progress(`storm: ${sweptCount} keys, with the sweep`);
      const swept = await measureLoad(stormPlan(sweptCount, true), tools);
      return [...resultsOf(name, count, alone), ...sweptResultsOf(swept)];
    }),
};

function resultsOf(name: string, count: number, { callCount, refused, usableAfterMs }: Load): readonly Result[] {
  const subject = { name: `${name} usable again`, unit: "s", against: "what the quota permits" } as const;
  const permitted = (callCount - refused) / guardCallsPerSecond;
  return [
    compared({ ...subject, target: { figure: "ratio", atMost: 1.02 } }, [usableAfterMs / 1000], [permitted]),
    measured({ name: "calls to the control plane per key", unit: "calls", target: { figure: "value", atMost: 2 } }, [
      callCount / count,
    ]),
  ];
}

function sweptResultsOf({ callCount, usableAfterMs }: Load): readonly Result[] {
  const name = `${sweptCount} keys, with the sweep`;
  return [
    measured({ name: `${name}: usable again`, unit: "s" }, [usableAfterMs / 1000]),
    measured({ name: `${name}: calls per key`, unit: "calls" }, [callCount / sweptCount]),
  ];
}
