import type { Guard } from "../../lib/workflows/guard/run.ts";
import type { KeyWorld } from "./key-world.ts";
import type { createTestSweep } from "./sweeper.ts";

const quarterHour = 900_000;

/** Sweeps every 15 minutes until the key is not pending any more, or is destroyed when its time comes; answers how many sweeps. */
export async function sweepToTheEnd(
  test: ReturnType<typeof createTestSweep>,
  keys: KeyWorld,
  changed: Partial<Guard> = {},
): Promise<number> {
  let sweeps = 0;
  while (keys.state === "DELETE_PENDING") {
    test.time.now += quarterHour;
    if (test.time.now >= keys.deletePendingAt) {
      keys.state = "GONE";
      break;
    }
    await test.run(changed);
    sweeps += 1;
  }
  return sweeps;
}
