import { carol, reaper } from "../../world/people.ts";
import { reprieveAs } from "./command.ts";
import { live, same, testKey } from "./expectations.ts";
import type { Scenario } from "./scenario.ts";
import { SlackActions } from "./slack-actions.ts";

const entries = [
  ...["deletion-detected", "decided", "deletion-allowed", "vote-cast", "approval-refused"],
  ...["restore-intended", "key-restored", "key-usable"],
];

/** A rule lets two keys go, and one person keeps each: by the button, and by the command. */
export const allowKeptByOne: Scenario = {
  name: "allow-kept-by-one",
  story:
    "A rule allows the nightly job to delete two test keys, but both are still needed. Bob presses Keep key, Carol runs `reprieve keep`: one person is enough.",
  run: async (demoWorld) => {
    const { world } = demoWorld;
    const keys = [testKey(1), testKey(2)].map((spec) => demoWorld.key(spec));
    const [first = "", second = ""] = keys;
    const slack = new SlackActions(world);
    for (const key of keys) await demoWorld.delete(reaper, key, 7);
    await world.settle();
    const passing = (await demoWorld.ending(first)).keyState;
    const shown = slack.message(first)?.text ?? "";
    await slack.press("bob", first, "keep");
    const status = await reprieveAs(world, carol, [
      ...["keep", `${second}#1`, "--reason", "still used by the test terminal"],
      ...["--sts-url", `${world.endpoint}/`],
    ]);
    await world.settle();
    const endings = [await demoWorld.ending(first), await demoWorld.ending(second)] as const;
    return {
      ending: endings[0],
      checks: [
        ["the deletion passed", passing === "DELETE_PENDING"],
        [
          "the message says how to keep the key",
          shown.includes("One person can keep it") && shown.includes("Keep key"),
        ],
        ["the command's vote counted", status === 0],
        [`entries are ${entries.join(", ")}`, endings.every((ending) => same(ending.entries, entries))],
        ["both keys work", endings.every(({ keyState, enabled }) => keyState === live.state && enabled)],
        ["Slack shows who kept it", slack.message(first)?.text.includes("Kept: ") ?? false],
        ["every chain verifies", endings.every(({ auditVerified }) => auditVerified)],
      ],
    };
  },
};
