import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { root } from "../../scripts/bundle.ts";
import type { KeySpec } from "../payment-cryptography/key-seed.ts";
import { alice, mallory, reaper } from "../people.ts";
import { massDeletion } from "./mass-deletion.ts";
import type { Check, Scenario } from "./scenario.ts";
import type { Ending } from "./stage.ts";

const day = 86_400_000;
const testKey = (n: number) => ({ alias: `alias/test/terminal-${n}`, tags: { Environment: "test" } });
const usable = ["deletion-detected", "decided", "restore-intended", "key-restored", "key-usable"];
const leftDisabled = [...usable.slice(0, 4), "key-left-disabled"];
const started = [...usable.slice(0, 4), "usage-start-intended", "key-usable"];

/** What nearly every scenario says of its end: the calls of the guard, the entries, and how the key is left. */
function checksOf(ending: Ending, expected: Required<Expected>): Check[] {
  const { controlPlaneCalls, entries, keyState, enabled } = ending;
  return [
    [`control-plane calls are ${JSON.stringify(expected.calls)}`, same(controlPlaneCalls, expected.calls)],
    [`entries are ${expected.entries.join(", ")}`, same(entries, expected.entries)],
    [`the key is ${expected.state}`, keyState === expected.state],
    [`the key is ${expected.enabled ? "enabled" : "disabled"}`, enabled === expected.enabled],
    ["every chain verifies", ending.auditVerified],
  ];
}

function same(a: object, b: object): boolean {
  const sorted = (value: object) => JSON.stringify(Array.isArray(value) ? value : Object.entries(value).sort());
  return sorted(a) === sorted(b);
}

const live = { state: "CREATE_COMPLETE", enabled: true };
const twoCalls = { GetKey: 1, RestoreKey: 1 };
const threeCalls = { ...twoCalls, StartKeyUsage: 1 };

interface Expected {
  readonly calls: Readonly<Record<string, number>>;
  readonly entries: readonly string[];
  readonly state?: string;
  readonly enabled: boolean;
}

/** Mallory deletes one key, and nothing else happens. `disables`: the deletion itself stops the key's usage. */
function afterOneDeletion(spec: (now: number) => KeySpec, expected: Expected, disables = false): Scenario["run"] {
  return async (stage) => {
    stage.world.controlPlane.settings.deletionDisablesKey = disables;
    const key = stage.key(spec(stage.world.clock.now()));
    await stage.delete(mallory, key);
    await stage.world.settle();
    const ending = await stage.ending(key);
    return { ending, checks: checksOf(ending, { state: live.state, ...expected }) };
  };
}

export const scenarios: readonly Scenario[] = [
  {
    name: "restore-production-key",
    story: "Mallory schedules a production key for deletion. No rule allows it.",
    run: afterOneDeletion(() => ({ alias: "alias/prod/cvk-1", tags: { Environment: "prod" } }), {
      calls: twoCalls,
      entries: usable,
      enabled: true,
    }),
  },
  {
    name: "allow-test-key",
    story: "The nightly job deletes a test key with a week's notice. A rule allows it; a week later the key is gone.",
    run: async (stage) => {
      const key = stage.key(testKey(1));
      await stage.delete(reaper, key, 7);
      await stage.world.settle();
      const calls = stage.guardCalls();
      stage.world.clock.jump(7 * day + 1000);
      stage.world.controlPlane.tick();
      await stage.world.settle();
      const ending = await stage.ending(key);
      const entries = ["deletion-detected", "decided", "deletion-allowed", "key-destroyed"];
      const expected = { calls: { GetKey: 2, ListTagsForResource: 1, ListAliases: 1 }, entries };
      return {
        ending,
        checks: [
          ...checksOf(ending, { ...expected, state: "DELETE_COMPLETE", enabled: false }),
          [
            "it took GetKey, tags and aliases to decide",
            same(calls, { GetKey: 1, ListTagsForResource: 1, ListAliases: 1 }),
          ],
        ],
      };
    },
  },
  {
    name: "sample-event",
    story:
      "The DeleteKey event of events/delete-key-sso.json, at its own time: by Alice, by alias, from her Identity Center session.",
    run: async (stage) => {
      const { clock, bus } = stage.world;
      const now = clock.now();
      clock.jump(Date.UTC(2024, 4, 27, 19, 49, 54) - now);
      const key = stage.key({ keyId: "kwapwa6qaifllw2h", alias: "alias/BIN_12345_CVK_2024" });
      stage.hold();
      await stage.delete(alice, key);
      stage.release(() => []);
      bus.deliver("default", JSON.parse(readFileSync(resolve(root, "events/delete-key-sso.json"), "utf8")));
      await stage.world.settle();
      clock.jump(now - clock.now());
      const ending = await stage.ending(key);
      return { ending, checks: checksOf(ending, { calls: twoCalls, entries: usable, ...live }) };
    },
  },
  {
    name: "alias-identifier",
    story: "A key is deleted by its alias; the record's answer tells which key that was.",
    run: async (stage) => {
      const key = stage.key({ alias: "alias/BIN_12345_CVK" });
      await stage.delete(mallory, "alias/BIN_12345_CVK");
      await stage.world.settle();
      const ending = await stage.ending(key);
      return { ending, checks: checksOf(ending, { calls: twoCalls, entries: usable, ...live }) };
    },
  },
  {
    name: "stopped-before-deletion",
    story: "A key that was disabled on purpose ten days ago is deleted. It comes back as it was: disabled.",
    run: afterOneDeletion((now) => ({ stoppedAt: now - 10 * day }), {
      calls: twoCalls,
      entries: leftDisabled,
      enabled: false,
    }),
  },
  {
    name: "disabled-by-deletion",
    story: "The deletion itself stops the key's usage, as one of AWS's own examples shows. It is started again.",
    run: afterOneDeletion(
      () => ({ alias: "alias/prod/cvk-2" }),
      { calls: threeCalls, entries: started, enabled: true },
      true,
    ),
  },
  {
    name: "compromised-key",
    story: "A compromised key must not come back into use: its rule restores it and leaves it disabled.",
    run: afterOneDeletion(
      () => ({ keyId: "c0mpr0m1sedk3y00" }),
      { calls: twoCalls, entries: leftDisabled, enabled: false },
      true,
    ),
  },
  {
    name: "ask-restores-first",
    story: "A PIN key's rule asks two custodians. Waiting is an outage, so the key comes back before anybody is asked.",
    run: afterOneDeletion(() => ({ usage: "TR31_P0_PIN_ENCRYPTION_KEY" }), {
      calls: { ...twoCalls, ListTagsForResource: 1, ListAliases: 1 },
      entries: [...usable, "approval-requested"],
      enabled: true,
    }),
  },
  {
    name: "failed-call",
    story: "Mallory tries to delete a key that is not there. Nothing is to be restored, but the attempt is on record.",
    run: async (stage) => {
      const keyArn = "arn:aws:payment-cryptography:us-east-1:111122223333:key/nosuchkey0000000";
      await stage.delete(mallory, keyArn).catch(() => {});
      await stage.world.settle();
      const hour = Math.floor(stage.world.clock.now() / 3_600_000);
      const Key = { pk: { S: "attempts#arn:aws:iam::111122223333:user/mallory" }, sk: { N: String(hour) } };
      const { Item } = await stage.world.store.send(new GetItemCommand({ TableName: stage.world.tableName, Key }));
      const attempt = JSON.parse(Item?.["attempts"]?.L?.at(-1)?.S ?? "{}");
      const ending = { ...(await stage.ending(keyArn)), outcome: "attempt-recorded" };
      return {
        ending,
        checks: [
          [
            "the attempt is on record",
            attempt.errorCode === "ResourceNotFoundException" && attempt.identifier === keyArn,
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
    run: async (stage) => {
      const key = stage.key({ alias: "alias/prod/cvk-3" });
      stage.hold();
      await stage.delete(mallory, key);
      stage.release((envelope) => [envelope, envelope, envelope, { ...envelope, "replay-name": "replay-of-today" }]);
      await stage.world.settle({ advance: true });
      const ending = await stage.ending(key);
      const { RestoreKey } = ending.controlPlaneCalls;
      return {
        ending,
        checks: [
          ["RestoreKey was called once", RestoreKey === 1],
          ["every entry is there once", same(ending.entries, usable)],
          ["the key is usable", ending.enabled && ending.keyState === live.state],
          ["every chain verifies", ending.auditVerified],
          ["nothing was put aside", stage.world.queues.deadLetters.messages.length === 0],
        ],
      };
    },
  },
  {
    name: "already-restored-by-hand",
    story: "Alice is faster than the event. The guard finds nothing to do, and says who did not do it.",
    run: async (stage) => {
      const key = stage.key({ alias: "alias/prod/cvk-4" });
      stage.hold();
      await stage.delete(mallory, key);
      await stage.restoreByHand(alice, key);
      stage.release();
      await stage.world.settle();
      const ending = await stage.ending(key);
      const entries = ["deletion-detected", "restored-by-others"];
      return { ending, checks: checksOf(ending, { calls: { GetKey: 1 }, entries, ...live }) };
    },
  },
  {
    name: "already-destroyed",
    story: "The event is four days late, and the key is gone. That is on record too.",
    run: async (stage) => {
      const key = stage.key({});
      stage.hold();
      await stage.delete(mallory, key);
      stage.world.clock.jump(4 * day);
      stage.release();
      await stage.world.settle();
      const ending = await stage.ending(key);
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
    run: async (stage) => {
      const key = stage.key(testKey(2));
      stage.hold();
      await stage.delete(reaper, key, 7);
      stage.release((envelope) => {
        const { detail } = envelope as { detail: object };
        return [{ ...envelope, detail: { ...detail, userIdentity: { type: "Unknown" } } }];
      });
      await stage.world.settle();
      const ending = await stage.ending(key);
      // Its tags and aliases could not help it, so they are not even read.
      return { ending, checks: checksOf(ending, { calls: twoCalls, entries: usable, ...live }) };
    },
  },
  {
    name: "deleted-again",
    story:
      "An allowed deletion is undone by hand; Mallory deletes the key again, to the very same time. The stricter decision holds.",
    run: async (stage) => {
      const { clock } = stage.world;
      const key = stage.key(testKey(3));
      clock.setSpeed(0);
      const first = clock.now();
      stage.hold();
      await stage.delete(reaper, key, 7);
      clock.setSpeed(1);
      stage.release();
      await stage.world.settle();
      await stage.restoreByHand(alice, key);
      stage.hold();
      const elapsed = clock.now() - first;
      clock.setSpeed(0);
      clock.jump(-elapsed);
      clock.jump(first - clock.now());
      await stage.delete(mallory, key, 7);
      clock.jump(elapsed);
      clock.setSpeed(1);
      stage.release();
      await stage.world.settle({ advance: true });
      const ending = await stage.ending(key);
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
    run: async (stage) => {
      const { world } = stage;
      const key = stage.key({ alias: "alias/prod/cvk-5" });
      let announced = 0;
      world.bus.observe(world.busName, (envelope) => {
        if (String((envelope as Record<string, unknown>)["detail-type"]).startsWith("unrecorded-")) announced += 1;
      });
      world.hub.faults.store = "refuse";
      await stage.delete(mallory, key);
      await world.settle();
      const whileDown = world.controlPlane.keys().find(({ KeyArn }) => KeyArn === key);
      world.hub.faults.store = "up";
      await world.settle({ advance: true });
      const ending = await stage.ending(key);
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
  {
    name: "observe-mode",
    story: "The same deletion under a policy in observe mode: decided, recorded, and nothing changed.",
    observe: true,
    run: afterOneDeletion(() => ({ alias: "alias/prod/cvk-1" }), {
      calls: { GetKey: 1 },
      entries: ["deletion-detected", "decided"],
      state: "DELETE_PENDING",
      enabled: true,
    }),
  },
  massDeletion,
];
