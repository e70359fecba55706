import { bob } from "../../world/people.ts";
import { asked, checksOfPeople, pinKey } from "./asked.ts";
import { reprieveAs } from "./command.ts";
import type { Scenario } from "./scenario.ts";

/** Slack is down: mail tells, the command votes, and the message comes when Slack is back. */
export const approvalWithoutSlack: Scenario = {
  name: "approval-while-slack-is-down",
  story:
    "Slack is down. The custodians hear by mail, Bob keeps the key with the reprieve command, and Slack learns of it later.",
  run: async (demoWorld) => {
    const { world } = demoWorld;
    world.slack.fault = "refuse";
    const { key, slack } = await asked(demoWorld);
    const mailed = world.topic.mails.some(({ text }) => text.includes(key));
    const silent = slack.message(key) === undefined;
    const status = await reprieveAs(world, bob, [
      "keep",
      `${key}#1`,
      "--reason",
      "still needed",
      "--sts-url",
      `${world.endpoint}/`,
    ]);
    world.slack.fault = "up";
    await world.settle({ advance: true });
    const ending = await demoWorld.ending(key);
    return {
      ending,
      checks: [
        ...checksOfPeople(ending, [...pinKey.asked, "vote-cast", "approval-refused"]),
        ["a mail reported it while Slack was silent", mailed && silent],
        ["the command's vote counted", status === 0],
        ["Slack shows how it ended", slack.message(key)?.text.includes("Kept: ") ?? false],
      ],
    };
  },
};
