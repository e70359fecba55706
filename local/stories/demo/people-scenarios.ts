import { dayMs } from "../../../lib/domain/time.ts";
import { alice } from "../../world/people.ts";
import { approvalWithoutSlack } from "./approval-without-slack.ts";
import { asked, checksOfPeople, pinKey } from "./asked.ts";
import { live, same } from "./expectations.ts";
import type { Scenario } from "./scenario.ts";

/** What people decide, in Slack and without it. The signed callbacks go to the packaged approval function. */
export const peopleScenarios: readonly Scenario[] = [
  {
    name: "ask-approved-by-two",
    story:
      "Alice deletes a PIN key. It comes back at once; Bob and Carol approve, and she gets a permit to delete it once.",
    run: async (demoWorld) => {
      const { key, slack } = await asked(demoWorld);
      const shown = slack.message(key)?.text ?? "";
      await slack.approve("bob", key);
      await slack.approve("carol", key);
      await demoWorld.world.settle();
      const ending = await demoWorld.ending(key);
      const entries = [...pinKey.asked, "vote-cast", "vote-cast", "approval-granted", "permit-issued"];
      return {
        ending,
        checks: [
          ...checksOfPeople(ending, entries),
          [
            "the message says who deleted what, and who may approve",
            ["alice", "PEK", "U0BOB"].every((part) => shown.includes(part)),
          ],
          ["the message has followed the votes", slack.message(key)?.text.includes("2 of 2") ?? false],
        ],
      };
    },
  },
  {
    name: "ask-kept-by-one",
    story: "One person is enough to keep a key: Bob presses Keep key.",
    run: async (demoWorld) => {
      const { key, slack } = await asked(demoWorld);
      await slack.press("bob", key, "keep");
      await demoWorld.world.settle();
      const ending = await demoWorld.ending(key);
      return { ending, checks: checksOfPeople(ending, [...pinKey.asked, "vote-cast", "approval-refused"]) };
    },
  },
  {
    name: "self-approval-refused",
    story: "Alice approves her own deletion. It is on record, it does not count, and she alone is notified.",
    run: async (demoWorld) => {
      const { key, slack } = await asked(demoWorld);
      const answer = await slack.approve("alice", key);
      await slack.approve("bob", key);
      await demoWorld.world.settle();
      const ending = await demoWorld.ending(key);
      return {
        ending,
        checks: [
          ...checksOfPeople(ending, [...pinKey.asked, "vote-cast", "vote-cast"]),
          ["she is notified that it was her own deletion", answer.body.includes("your own deletion")],
          ["one of two has approved", slack.message(key)?.text.includes("1 of 2") ?? false],
        ],
      };
    },
  },
  {
    name: "double-click",
    story: "Bob presses Keep key three times at once, and Slack repeats one of them. It is one vote.",
    run: async (demoWorld) => {
      const { key, slack } = await asked(demoWorld);
      const presses = [{}, {}, { retryNum: 1 }].map(async (tamper) => await slack.press("bob", key, "keep", tamper));
      const answers = await Promise.all(presses);
      await demoWorld.world.settle();
      const ending = await demoWorld.ending(key);
      return {
        ending,
        checks: [
          ...checksOfPeople(ending, [...pinKey.asked, "vote-cast", "approval-refused"]),
          ["Slack was answered each time", answers.every(({ status }) => status === 200)],
        ],
      };
    },
  },
  forgery("forged-signature", "A callback that Slack did not sign.", (timestamp) => ({
    signature: `v0=${"0".repeat(64)}`,
    timestamp,
  })),
  forgery("stale-timestamp", "A callback that Slack signed, six minutes ago.", (timestamp) => ({
    timestamp: timestamp - 360,
  })),
  {
    name: "permit-used-once",
    story: "With the permit Alice deletes the key again, and it passes. Once: the next deletion is undone.",
    run: async (demoWorld) => {
      const { key, slack } = await asked(demoWorld);
      await slack.approve("bob", key);
      await slack.approve("carol", key);
      await demoWorld.world.settle();
      demoWorld.world.clock.jump(60_000);
      await demoWorld.delete(alice, key);
      await demoWorld.world.settle();
      const passed = (await demoWorld.ending(key)).keyState;
      if (passed === "DELETE_PENDING") await demoWorld.restoreByHand(alice, key);
      await demoWorld.delete(alice, key);
      await demoWorld.world.settle({ advance: true });
      const ending = await demoWorld.ending(key);
      const used = ["permit-used", "deletion-allowed"];
      return {
        ending,
        checks: [
          ["the second deletion passed", passed === "DELETE_PENDING"],
          [
            "the permit was used once",
            same(
              ending.entries.filter((kind) => used.includes(kind)),
              used,
            ),
          ],
          ["the third deletion was undone", ending.keyState === live.state && ending.enabled],
          ["every chain verifies", ending.auditVerified],
        ],
      };
    },
  },
  {
    name: "ask-expired",
    story: "Nobody answers. A day later the sweep ends the question: silence keeps the key.",
    run: async (demoWorld) => {
      const { key } = await asked(demoWorld);
      demoWorld.world.clock.jump(dayMs / 2);
      await demoWorld.world.sweep();
      demoWorld.world.clock.jump(dayMs / 2);
      await demoWorld.world.sweep();
      await demoWorld.world.settle();
      const ending = await demoWorld.ending(key);
      return { ending, checks: checksOfPeople(ending, [...pinKey.asked, "approval-reminded", "approval-expired"]) };
    },
  },
  approvalWithoutSlack,
];

function forgery(
  name: string,
  summary: string,
  tamper: (timestamp: number) => { timestamp: number; signature?: string },
): Scenario {
  return {
    name,
    story: `${summary} It is refused without a word, and nothing goes on record.`,
    run: async (demoWorld) => {
      const { key, slack } = await asked(demoWorld);
      const answer = await slack.press("bob", key, "keep", tamper(Math.floor(demoWorld.world.clock.now() / 1000)));
      await demoWorld.world.settle();
      const ending = await demoWorld.ending(key);
      return {
        ending,
        checks: [
          ...checksOfPeople(ending, pinKey.asked),
          ["it was answered with 401", answer.status === 401 && answer.body === ""],
        ],
      };
    },
  };
}
