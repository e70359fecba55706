import { asked } from "../../local/stories/demo/asked.ts";
import { DemoWorld } from "../../local/stories/demo/demo-world.ts";
import type { World } from "../../local/world/world.ts";
import type { Bench } from "../bench.ts";
import { measured, type Result } from "../result.ts";
import { withPackaged, withWorld } from "./with-world.ts";

/** Slack shows an error to the user after 3 s. */
const slackWaits = { figure: "value", atMost: 3_000 } as const;

type Call = () => Promise<{ readonly status: number }>;

export const callback: Bench = {
  name: "callback",
  title: "Approval: a button is pressed",
  about:
    "From the callback to the answer of the packaged approval function, over HTTP on the local world: in a fresh execution environment (a thread whose modules were compiled before) and in one that has run before; a vote that counts for nothing, and a forged signature. Slack waits 3 s.",
  measure: async ({ quick, progress }) =>
    await withPackaged(async (packaged) => {
      return await withWorld(packaged, async (world) => {
        const { key, slack } = await asked(new DemoWorld(world));
        const forgery = { signature: `v0=${"0".repeat(64)}` };
        const genuine = async () => await slack.press("mallory", key, "keep");
        const forged = async () => await slack.press("mallory", key, "keep", forgery);
        const results: Result[] = [];
        for (const [name, call, status] of [
          ["genuine", genuine, 200],
          ["forged", forged, 401],
        ] as const) {
          progress(`callback: ${name}`);
          const [cold, warm] = quick ? [3, 20] : [15, 200];
          const coldly = {
            name: `${name}, cold`,
            unit: "ms",
            ...(name === "genuine" && { target: slackWaits }),
          } as const;
          results.push(measured(coldly, await times(cold, call, status, world)));
          results.push(measured({ name: `${name}, warm`, unit: "ms" }, await times(warm, call, status)));
        }
        return results;
      });
    }),
};

/** How long (ms) each call took until its answer; with `cold` in an execution environment of its own. */
async function times(rounds: number, call: Call, expected: number, cold?: World): Promise<readonly number[]> {
  const taken: number[] = [];
  for (let round = 0; round < rounds; round++) {
    if (cold !== undefined) await cold.functions.get("approval")?.kill();
    const began = performance.now();
    const { status } = await call();
    taken.push(performance.now() - began);
    if (status !== expected) throw new Error(`answered ${status}, not ${expected}`);
  }
  return taken;
}
