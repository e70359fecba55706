import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { dayMs } from "../../../lib/domain/time.ts";
import { root } from "../../../scripts/bundle.ts";
import { alice, mallory, reaper } from "../../world/people.ts";
import { allowKeptByOne } from "./allow-kept-by-one.ts";
import {
  afterOneDeletion,
  checksOf,
  leftDisabled,
  live,
  same,
  started,
  testKey,
  threeCalls,
  twoCalls,
  usable,
} from "./expectations.ts";
import type { Scenario } from "./scenario.ts";
import { SlackActions } from "./slack-actions.ts";

/** What the policy says, and how a key comes back. */
export const decisionScenarios: readonly Scenario[] = [
  {
    name: "sample-event",
    // The first one: its clock goes back by years, which the log would report once anything was logged.
    once: true,
    story:
      "The DeleteKey event of events/delete-key-sso.json, at its own time: by Alice, by alias, from her Identity Center session.",
    run: async (demoWorld) => {
      const { clock, bus } = demoWorld.world;
      const now = clock.now();
      clock.jump(Date.UTC(2024, 4, 27, 19, 49, 54) - now);
      const key = demoWorld.key({ keyId: "kwapwa6qaifllw2h", alias: "alias/BIN_12345_CVK_2024" });
      demoWorld.hold();
      await demoWorld.delete(alice, key);
      demoWorld.release(() => []);
      bus.deliver("default", JSON.parse(readFileSync(resolve(root, "events/delete-key-sso.json"), "utf8")));
      await demoWorld.world.settle();
      clock.jump(now - clock.now());
      const ending = await demoWorld.ending(key);
      return { ending, checks: checksOf(ending, { calls: twoCalls, entries: usable, ...live }) };
    },
  },
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
    story:
      "The nightly job deletes a test key with a week's notice. A rule allows it, CloudTrail confirms it, and a week later the key is gone.",
    run: async (demoWorld) => {
      const key = demoWorld.key(testKey(1));
      await demoWorld.delete(reaper, key, 7);
      await demoWorld.world.settle();
      const calls = demoWorld.guardCalls();
      demoWorld.world.clock.jump(dayMs / 24);
      await demoWorld.world.sweep();
      demoWorld.world.clock.jump(7 * dayMs);
      demoWorld.world.controlPlane.tick();
      await demoWorld.world.settle();
      const ending = await demoWorld.ending(key);
      const entries = ["deletion-detected", "decided", "deletion-allowed", "requester-confirmed", "key-destroyed"];
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
  allowKeptByOne,
  {
    name: "alias-identifier",
    story: "A key is deleted by its alias; the record's answer tells which key that was.",
    run: async (demoWorld) => {
      const key = demoWorld.key({ alias: "alias/BIN_12345_CVK" });
      await demoWorld.delete(mallory, demoWorld.world.controlPlane.aliasOf(key) ?? "");
      await demoWorld.world.settle();
      const ending = await demoWorld.ending(key);
      const message = new SlackActions(demoWorld.world).message(key)?.text ?? "";
      return {
        ending,
        checks: [
          ...checksOf(ending, { calls: twoCalls, entries: usable, ...live }),
          ["the message names the key first", message.includes("Restored: alias/BIN_12345_CVK")],
        ],
      };
    },
  },
  {
    name: "stopped-before-deletion",
    story: "A key that was disabled on purpose ten days ago is deleted. It comes back as it was: disabled.",
    run: afterOneDeletion((now) => ({ stoppedAt: now - 10 * dayMs }), {
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
    once: true,
    story: "A compromised key must not come back into use: its rule restores it and leaves it disabled.",
    run: afterOneDeletion(
      () => ({ keyId: "c0mpr0m1sedk3y00" }),
      { calls: twoCalls, entries: leftDisabled, enabled: false },
      true,
    ),
  },
  {
    name: "ask-restores-first",
    story: "A PIN key's rule asks two custodians. Waiting is an outage, so the key comes back before anyone is asked.",
    run: afterOneDeletion(() => ({ usage: "TR31_P0_PIN_ENCRYPTION_KEY" }), {
      calls: { ...twoCalls, ListTagsForResource: 1, ListAliases: 1 },
      entries: [...usable, "approval-requested"],
      enabled: true,
    }),
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
];
