import { hourMs, minuteMs } from "../../../lib/domain/time.ts";
import { apiCallRecord } from "../../aws/api-call-record.ts";
import type { LocalMail } from "../../aws/topic.ts";
import { mallory } from "../../world/people.ts";
import type { DemoWorld } from "./demo-world.ts";
import { live, same, usable } from "./expectations.ts";
import type { Check, Scenario } from "./scenario.ts";

const ruleName = "reprieve-dev-delete-key";

/** Tells the bus of a call with which Mallory changes what the guard stands on; answers the mails that it leads to. */
function tamper({ world }: DemoWorld, service: string, eventName: string, requestParameters: object): LocalMail[] {
  const before = world.topic.mails.length;
  const eventSource = `${service}.amazonaws.com`;
  const call = { eventSource, eventName, requestParameters, userIdentity: mallory.userIdentity };
  world.bus.emit(apiCallRecord(world.place, world.clock.now(), call));
  return world.topic.mails.slice(before);
}

const namesOf = (mails: readonly LocalMail[]) => mails.map(({ topicArn }) => topicArn.split(":").at(-1));
const tells = ([mail]: readonly LocalMail[], ...parts: readonly string[]) =>
  parts.every((part) => mail?.text.includes(part) ?? false);

/** Deletes a key of which no event comes. The sweep looks in the next hour, and once more when CloudTrail has had its time. */
async function deleteUnheard(demoWorld: DemoWorld, alias: string): Promise<string> {
  const key = demoWorld.key({ alias });
  demoWorld.hold();
  await demoWorld.delete(mallory, key);
  demoWorld.release(() => []);
  for (const wait of [hourMs, 15 * minuteMs]) {
    demoWorld.world.clock.jump(wait);
    await demoWorld.world.sweep();
    await demoWorld.world.settle();
  }
  return key;
}

async function endingWith(demoWorld: DemoWorld, key: string, checks: readonly Check[], mails: readonly LocalMail[]) {
  const ending = await demoWorld.ending(key);
  return {
    ending,
    checks: [
      ...checks,
      ["the key is usable", ending.keyState === live.state && ending.enabled] as const,
      [
        "the sweep brought it back, and learned later who it was",
        same(ending.entries, [...usable, "requester-learned"]),
      ] as const,
      ["every chain verifies", ending.auditVerified] as const,
    ],
    shown: mails.flatMap((mail) => [`To the topic ${namesOf([mail]).join()}:`, ...mail.text.split("\n")]),
  };
}

/** Mallory disables the rule; answers the mails, and the state of the rule once everything has come to rest. */
async function disableRule(demoWorld: DemoWorld): Promise<[LocalMail[], string]> {
  const { world } = demoWorld;
  world.bus.changeRule(ruleName, "DISABLED");
  const mails = tamper(demoWorld, "events", "DisableRule", { name: ruleName });
  await world.settle();
  return [mails, stateOfRule(demoWorld)];
}

function stateOfRule({ world }: DemoWorld): string {
  return (world.bus.handle("DescribeRule", { Name: ruleName }).body as { State: string }).State;
}

/** Someone switches off what the guard stands on. */
export const tamperScenarios: readonly Scenario[] = [
  {
    name: "rule-disabled",
    story:
      "Mallory disables the rule that brings deletions to the guard. People are alarmed twice, and the rule is enabled again. When she disables it once more it stays so until the hour is over; the sweep restores the key that was deleted meanwhile.",
    run: async (demoWorld) => {
      const { world } = demoWorld;
      try {
        // An hour after whatever was undone before in this world.
        world.clock.jump(hourMs);
        const [mails, first] = await disableRule(demoWorld);
        const from = world.log.length;
        const [, second] = await disableRule(demoWorld);
        const key = await deleteUnheard(demoWorld, "alias/prod/pin-tamper-1");
        const since = world.log.slice(from);
        const checks: Check[] = [
          ["two topics mailed it", same(namesOf(mails), ["reprieve-dev-tamper", "reprieve-dev-alarms"])],
          ["the mail says who did what to what", tells(mails, "DisableRule", ruleName, "user/mallory")],
          ["the rule was enabled again", first === "ENABLED"],
          ["and not a second time, which is logged for an alarm", second === "DISABLED"],
          ["the log says why", since.some((line) => /TAMPER_LEFT.*undone-within-the-hour/.test(line))],
          ["it is enabled again when the hour is over", stateOfRule(demoWorld) === "ENABLED"],
        ];
        return await endingWith(demoWorld, key, checks, mails);
      } finally {
        world.bus.changeRule(ruleName, "ENABLED");
      }
    },
  },
  {
    name: "trail-stopped",
    story:
      "Mallory stops the trail, and no deletion is reported any more. People are alarmed, and the sweep restores the key.",
    run: async (demoWorld) => {
      const mails = tamper(demoWorld, "cloudtrail", "StopLogging", { name: "management-events" });
      const key = await deleteUnheard(demoWorld, "alias/prod/pin-tamper-2");
      const checks: Check[] = [
        ["one topic mailed it", same(namesOf(mails), ["reprieve-dev-tamper"])],
        ["the mail says who did what to what", tells(mails, "StopLogging", "management-events", "user/mallory")],
      ];
      return await endingWith(demoWorld, key, checks, mails);
    },
  },
  {
    name: "own-key-scheduled-for-deletion",
    story:
      "Mallory schedules the deletion of the stack's own KMS key, and the table of cases cannot be read. Remediation does without the table: it cancels the deletion and enables the key.",
    run: async (demoWorld) => {
      const { world } = demoWorld;
      world.stackKey.state = "PendingDeletion";
      world.hub.faults.set("store", "refuse");
      const mails = tamper(demoWorld, "kms", "ScheduleKeyDeletion", { keyId: "Key", pendingWindowInDays: 30 });
      await world.settle();
      const state: string = world.stackKey.state;
      world.hub.faults.set("store", "up");
      await world.settle({ advance: true });
      const key = demoWorld.key({ alias: "alias/prod/pin-tamper-3" });
      await demoWorld.delete(mallory, key);
      await world.settle();
      const ending = await demoWorld.ending(key);
      return {
        ending,
        checks: [
          ["one topic mailed it", same(namesOf(mails), ["reprieve-dev-tamper"])],
          ["the mail says who did what", tells(mails, "ScheduleKeyDeletion", "user/mallory")],
          ["the key was enabled while the table could not be read", state === "Enabled"],
          ["the deletion of a payment key is undone as ever", same(ending.entries, usable)],
          ["every chain verifies", ending.auditVerified],
        ],
        shown: mails[0]?.text.split("\n") ?? [],
      };
    },
  },
];
