import { isOurs } from "../../../local/world/people.ts";
import { startWorld } from "../../../local/world/start-world.ts";
import type { World } from "../../../local/world/world.ts";
import type { PackagedStack } from "../../../scripts/package.ts";
import { keepVote } from "./keep-vote.ts";
import type { Stage } from "./stage.ts";

/** Plays on the local world. */
export async function withLocalStage<Made>(stack: PackagedStack, play: (stage: Stage) => Promise<Made>): Promise<Made> {
  const world = await startWorld({ ...stack, port: 0 });
  try {
    return await play(stageOf(world));
  } finally {
    await world.stop();
  }
}

function stageOf(world: World): Stage {
  return {
    plane: world.controlPlane,
    cases: world,
    isStack: (accessKeyId) => isOurs({ accessKeyId }),
    deliver: (delivered) => {
      world.bus.delivery = delivered ? (envelope) => [envelope] : () => [];
    },
    sweep: world.sweep,
    keep: async (person, caseName) =>
      await keepVote(person, caseName, { endpoint: world.endpoint, stsUrl: `${world.endpoint}/`, fetch }),
    settle: async () => await world.settle(),
  };
}
