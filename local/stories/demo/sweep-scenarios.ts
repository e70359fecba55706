import { dayMs, minuteMs } from "../../../lib/domain/time.ts";
import { mallory, reaper } from "../../world/people.ts";
import { live, same, testKey, usable } from "./expectations.ts";
import type { Scenario } from "./scenario.ts";

const confirmedAllowed = ["decided", "deletion-allowed", "requester-confirmed"];

/** What no event tells, and what a forged one does not. */
export const sweepScenarios: readonly Scenario[] = [
  {
    name: "lost-event",
    story: "The event never comes. The next sweep finds the key, and no requester could have changed the outcome.",
    run: async (demoWorld) => {
      const key = demoWorld.key({ alias: "alias/prod/cvk-6" });
      demoWorld.hold();
      await demoWorld.delete(mallory, key);
      demoWorld.release(() => []);
      await demoWorld.world.sweep();
      const usableAtOnce = (await demoWorld.ending(key)).entries;
      demoWorld.world.clock.jump(15 * minuteMs);
      await demoWorld.world.sweep();
      await demoWorld.world.settle();
      const ending = await demoWorld.ending(key);
      return {
        ending,
        checks: [
          ["one sweep brought it back", same(usableAtOnce, usable)],
          ["CloudTrail's history told later who it was", same(ending.entries, [...usable, "requester-learned"])],
          ["the key is usable", ending.keyState === live.state && ending.enabled],
          ["every chain verifies", ending.auditVerified],
        ],
      };
    },
  },
  {
    name: "lost-event-of-the-reaper",
    story: "The event of an allowlisted deletion is lost. The sweep waits for it, looks the call up, and lets it pass.",
    run: async (demoWorld) => {
      const key = demoWorld.key(testKey(6));
      demoWorld.hold();
      await demoWorld.delete(reaper, key, 7);
      demoWorld.release(() => []);
      for (const wait of [0, 15, 15]) {
        demoWorld.world.clock.jump(wait * minuteMs);
        await demoWorld.world.sweep();
      }
      demoWorld.world.clock.jump(7 * dayMs);
      demoWorld.world.controlPlane.tick();
      await demoWorld.world.settle();
      await demoWorld.world.sweep();
      await demoWorld.world.settle({ advance: true });
      const ending = await demoWorld.ending(key);
      const entries = ["deletion-detected", "requester-learned", ...confirmedAllowed, "key-destroyed"];
      return {
        ending,
        checks: [
          [`entries are ${entries.join(", ")}`, same(ending.entries, entries)],
          ["the key is gone", ending.keyState === "DELETE_COMPLETE"],
          ["every chain verifies", ending.auditVerified],
        ],
      };
    },
  },
  {
    name: "forged-event",
    story:
      "Mallory's event is changed on its way to name the reaper. CloudTrail's own history tells another story: the key comes back.",
    run: async (demoWorld) => {
      const key = demoWorld.key(testKey(7));
      demoWorld.hold();
      await demoWorld.delete(mallory, key, 7);
      demoWorld.release((envelope) => {
        const { detail } = envelope as { detail: object };
        return [{ ...envelope, detail: { ...detail, userIdentity: reaper.userIdentity } }];
      });
      await demoWorld.world.settle();
      const believed = (await demoWorld.ending(key)).outcome;
      demoWorld.world.clock.jump(15 * minuteMs);
      await demoWorld.world.sweep();
      await demoWorld.world.settle();
      const ending = await demoWorld.ending(key);
      const entries = ["deletion-detected", "decided", "deletion-allowed", "requester-unconfirmed", ...usable.slice(2)];
      return {
        ending,
        checks: [
          ["it was believed at first", believed === "deletion-allowed"],
          [`entries are ${entries.join(", ")}`, same(ending.entries, entries)],
          ["the key is usable", ending.keyState === live.state && ending.enabled],
          ["every chain verifies", ending.auditVerified],
        ],
      };
    },
  },
];
