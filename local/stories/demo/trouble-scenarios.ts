import { QueryCommand } from "@aws-sdk/client-dynamodb";
import { hourText } from "../../../lib/domain/ledger/calls-name.ts";
import { dayMs } from "../../../lib/domain/time.ts";
import { alice, mallory, reaper } from "../../world/people.ts";
import { checksOf, live, same, testKey, twoCalls, usable } from "./expectations.ts";
import type { Scenario } from "./scenario.ts";

/** What goes wrong on the way. */
export const troubleScenarios: readonly Scenario[] = [
  {
    name: "failed-call",
    story: "Mallory tries to delete a key that is not there. Nothing is to be restored, but the attempt is on record.",
    run: async (demoWorld) => {
      const keyArn = "arn:aws:payment-cryptography:us-east-1:111122223333:key/nosuchkey0000000";
      await demoWorld.delete(mallory, keyArn).catch(() => {});
      await demoWorld.world.settle();
      const request = {
        TableName: demoWorld.world.tableName,
        KeyConditionExpression: "pk = :pk",
        ExpressionAttributeValues: { ":pk": { S: `calls#${hourText(demoWorld.world.clock.now())}` } },
      };
      const { Items = [] } = await demoWorld.world.store.send(new QueryCommand(request));
      const texts = Items.flatMap((item) => item["entries"]?.L ?? []).map(({ S = "{}" }) => S);
      const call = JSON.parse(texts.find((text) => text.includes(keyArn)) ?? "{}");
      const ending = { ...(await demoWorld.ending(keyArn)), outcome: "attempt-recorded" };
      return {
        ending,
        checks: [
          [
            "the attempt is on record",
            call.errorCode === "ResourceNotFoundException" && call.requester?.userArn?.endsWith("user/mallory"),
          ],
          ["the guard called nothing", same(ending.controlPlaneCalls, {})],
          ["there is no case", ending.entries.length === 0],
        ],
      };
    },
  },
  {
    name: "duplicate-and-replay",
    story: "The same event comes three times, and once more as a replay. Nothing is done twice.",
    run: async (demoWorld) => {
      const key = demoWorld.key({ alias: "alias/prod/cvk-3" });
      demoWorld.hold();
      await demoWorld.delete(mallory, key);
      demoWorld.release((envelope) => [
        envelope,
        envelope,
        envelope,
        { ...envelope, "replay-name": "replay-of-today" },
      ]);
      await demoWorld.world.settle({ advance: true });
      const ending = await demoWorld.ending(key);
      const { RestoreKey } = ending.controlPlaneCalls;
      return {
        ending,
        checks: [
          ["RestoreKey was called once", RestoreKey === 1],
          ["every entry is there once", same(ending.entries, usable)],
          ["the key is usable", ending.enabled && ending.keyState === live.state],
          ["every chain verifies", ending.auditVerified],
          ["nothing was put aside", demoWorld.world.queues.deadLetters.messages.length === 0],
        ],
      };
    },
  },
  {
    name: "already-restored-by-hand",
    story: "Alice is faster than the event. The guard finds nothing to do, and says who did not do it.",
    run: async (demoWorld) => {
      const key = demoWorld.key({ alias: "alias/prod/cvk-4" });
      demoWorld.hold();
      await demoWorld.delete(mallory, key);
      await demoWorld.restoreByHand(alice, key);
      demoWorld.release();
      await demoWorld.world.settle();
      const ending = await demoWorld.ending(key);
      const entries = ["deletion-detected", "restored-by-others"];
      return { ending, checks: checksOf(ending, { calls: { GetKey: 1 }, entries, ...live }) };
    },
  },
  {
    name: "already-destroyed",
    once: true,
    story: "The event is four days late, no sweep has run, and the key is gone. That is on record too.",
    beyondHelp: true,
    run: async (demoWorld) => {
      const key = demoWorld.key({});
      demoWorld.hold();
      await demoWorld.delete(mallory, key);
      demoWorld.world.clock.jump(4 * dayMs);
      demoWorld.release();
      await demoWorld.world.settle();
      const ending = await demoWorld.ending(key);
      const entries = ["deletion-detected", "key-destroyed"];
      // One look for the service's own event of the destruction, which no case waits for, and one for the deletion.
      return {
        ending,
        checks: checksOf(ending, { calls: { GetKey: 2 }, entries, state: "DELETE_COMPLETE", enabled: false }),
      };
    },
  },
  {
    name: "unknown-requester",
    story:
      "An event without an identity, of a key that its rule would let die for the right requester. Unknown is never allowlisted.",
    run: async (demoWorld) => {
      const key = demoWorld.key(testKey(2));
      demoWorld.hold();
      await demoWorld.delete(reaper, key, 7);
      demoWorld.release((envelope) => {
        const { detail } = envelope as { detail: object };
        return [{ ...envelope, detail: { ...detail, userIdentity: { type: "Unknown" } } }];
      });
      await demoWorld.world.settle();
      const ending = await demoWorld.ending(key);
      // Its tags and aliases could not help it, so they are not even read.
      return { ending, checks: checksOf(ending, { calls: twoCalls, entries: usable, ...live }) };
    },
  },
  {
    name: "deleted-again",
    story:
      "An allowed deletion is undone by hand; Mallory deletes the key again, to the very same time. The stricter decision holds.",
    run: async (demoWorld) => {
      const { clock } = demoWorld.world;
      const key = demoWorld.key(testKey(3));
      clock.setSpeed(0);
      const first = clock.now();
      demoWorld.hold();
      await demoWorld.delete(reaper, key, 7);
      clock.setSpeed(1);
      demoWorld.release();
      await demoWorld.world.settle();
      await demoWorld.restoreByHand(alice, key);
      demoWorld.hold();
      const elapsed = clock.now() - first;
      clock.setSpeed(0);
      clock.jump(-elapsed);
      clock.jump(first - clock.now());
      await demoWorld.delete(mallory, key, 7);
      clock.jump(elapsed);
      clock.setSpeed(1);
      demoWorld.release();
      await demoWorld.world.settle({ advance: true });
      const ending = await demoWorld.ending(key);
      const entries = ["deletion-detected", "decided", "deletion-allowed", ...usable];
      return {
        ending,
        checks: [
          [`entries are ${entries.join(", ")}`, same(ending.entries, entries)],
          ["the key is usable", ending.enabled && ending.keyState === live.state],
          ["every chain verifies", ending.auditVerified],
        ],
      };
    },
  },
  {
    name: "store-down",
    story: "The case store is out of reach. The key is restored first; the record is completed when the store is back.",
    run: async (demoWorld) => {
      const { world } = demoWorld;
      const key = demoWorld.key({ alias: "alias/prod/cvk-5" });
      let announced = 0;
      world.bus.observe(world.busName, (envelope) => {
        if (String((envelope as Record<string, unknown>)["detail-type"]).startsWith("unrecorded-")) announced += 1;
      });
      world.hub.faults.set("store", "refuse");
      await demoWorld.delete(mallory, key);
      await world.settle();
      const whileDown = world.controlPlane.keys().find(({ KeyArn }) => KeyArn === key);
      world.hub.faults.set("store", "up");
      await world.settle({ advance: true });
      const ending = await demoWorld.ending(key);
      const entries = ["deletion-detected", "decided", "key-restored", "key-usable"];
      return {
        ending,
        checks: [
          ["the key was usable while the store was down", whileDown?.KeyState === live.state && whileDown.Enabled],
          ["the intent went to the bus instead", announced > 0],
          ["RestoreKey was called once", ending.controlPlaneCalls["RestoreKey"] === 1],
          [`entries are ${entries.join(", ")}`, same(ending.entries, entries)],
          ["every chain verifies", ending.auditVerified],
        ],
      };
    },
  },
];
