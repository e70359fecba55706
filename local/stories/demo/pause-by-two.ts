import { hourMs } from "../../../lib/domain/time.ts";
import { alice, bob, mallory } from "../../world/people.ts";
import { reprieveAs } from "./command.ts";
import { checksOf, live, twoCalls, usable } from "./expectations.ts";
import type { Scenario } from "./scenario.ts";

/** An incident with the guard itself: two people make it observe, and it ends by itself. */
export const pauseByTwo: Scenario = {
  name: "pause-by-two",
  story:
    "Alice and Bob pause the guard for an hour. What Mallory deletes meanwhile is recorded and left alone, and comes back when the hour is over.",
  run: async (demoWorld) => {
    const { world } = demoWorld;
    const pause = ["pause", "--for", "1h", "--reason", "INC-7", "--sts-url", `${world.endpoint}/`];
    const statuses = [await reprieveAs(world, alice, pause)];
    statuses.push(await reprieveAs(world, alice, pause), await reprieveAs(world, bob, pause));
    const key = demoWorld.key({ alias: "alias/prod/cvk-paused", tags: { Environment: "prod" } });
    await demoWorld.delete(mallory, key);
    await world.settle();
    const meanwhile = await demoWorld.ending(key);
    world.clock.jump(hourMs);
    await world.sweep();
    await world.settle();
    const ending = await demoWorld.ending(key);
    const entries = ["deletion-detected", "decided", ...usable.slice(1)];
    const mailed = world.topic.mails.map(({ text }) => text).filter((text) => text.includes("INC-7"));
    return {
      ending,
      checks: [
        ...checksOf(ending, { ...live, calls: { ...twoCalls, GetKey: 1 }, entries }).slice(1),
        ["one person alone pauses nothing, not even twice", statuses.join() === "0,1,0"],
        ["meanwhile the deletion was left alone", meanwhile.keyState === "DELETE_PENDING"],
        [
          "people were notified of who paused it, and that it is over",
          mailed.length > 0 && world.topic.mails.some(({ text }) => text.includes("The pause is over")),
        ],
      ],
    };
  },
};
