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

/** Someone switches off what the guard stands on. */
export const tamperScenarios: readonly Scenario[] = [
  {
    name: "rule-disabled",
    story:
      "Mallory disables the rule that brings deletions to the guard. People are alarmed twice, the sweep finds the rule and restores the key.",
    run: async (demoWorld) => {
      const { world } = demoWorld;
      world.bus.changeRule(ruleName, "DISABLED");
      try {
        const mails = tamper(demoWorld, "events", "DisableRule", { name: ruleName });
        const from = world.log.length;
        const key = await deleteUnheard(demoWorld, "alias/prod/pin-tamper-1");
        const found = world.log.slice(from).some((line) => /RULE_NOT_WORKING.*-delete-key.*disabled/.test(line));
        const checks: Check[] = [
          ["two topics mailed it", same(namesOf(mails), ["reprieve-dev-tamper", "reprieve-dev-alarms"])],
          ["the mail says who did what to what", tells(mails, "DisableRule", ruleName, "user/mallory")],
          ["the sweep found the rule disabled", found],
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
];
