import { hourMs } from "../../../lib/domain/time.ts";
import { mallory, reaper } from "../../world/people.ts";
import { live, same, usable } from "./expectations.ts";
import type { Scenario } from "./scenario.ts";

/** A production key in the clothes of a test key: its labels are too new to count. */
export const relabeledKey: Scenario = {
  name: "relabeled-key",
  story:
    "Mallory tags a production key as a test key and gives it a test alias. An hour later the nightly job deletes it. Its labels are too new to count: it comes back.",
  run: async (demoWorld) => {
    const key = demoWorld.key({ alias: "alias/prod/cvk-9", tags: { Environment: "prod" } });
    await demoWorld.relabel(mallory, key, { alias: "alias/test/cvk-9", tags: { Environment: "test" } });
    demoWorld.world.clock.jump(hourMs);
    await demoWorld.delete(reaper, key, 7);
    await demoWorld.world.settle();
    const ending = await demoWorld.ending(key);
    const decided = await demoWorld.decision(key);
    const heldBack = {
      rule: "reaper-cleans-test-keys",
      condition: "key.tags.Environment",
      why: "too-new",
      minAgeMs: 604_800_000,
    };
    return {
      ending,
      checks: [
        ["the key is usable", ending.keyState === live.state && ending.enabled],
        [`entries are ${usable.join(", ")}`, same(ending.entries, usable)],
        ["the record says which rule did not apply, and why", same(decided?.heldBack ?? {}, heldBack)],
        ["every chain verifies", ending.auditVerified],
      ],
    };
  },
};
