import { describe, expect, it } from "vitest";
import { caseOf } from "../../lib/domain/case/fold.ts";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { caseNotice } from "../../lib/notices/case-notice.ts";
import { caseMessage } from "../../lib/slack/case-message.ts";
import { announceCase } from "../../lib/workflows/notify/announce-case.ts";
import { toRestore } from "../doubles/case-builder.ts";
import { emptyCase } from "../doubles/chain-names.ts";
import { blocksInvalid, channelNotFound, rateLimited, slackDown } from "../doubles/memory-slack.ts";
import { askedCase, caseNo, createNotifyWorld, detectionOf, restoredCase } from "../doubles/notify.ts";

const name = caseNo(1);
const story = [
  "The key is usable again, 2.3 s after it was deleted.",
  "Approval requested: 2 of custodians must approve; one person can keep the key.",
  "50 % of the time to decide is over.",
  "bob approves the deletion: CHG-1.",
  "carol approves the deletion: CHG-1.",
  "Approved by bob and carol.",
];

describe("a case", () => {
  it("is shown once, and its thread tells how it went", async () => {
    const { announcer, tell, slack, mails } = createNotifyWorld();
    const { entries } = tell(name, restoredCase(name));
    await announceCase(announcer, name);
    expect(slack.top()).toHaveLength(1);
    expect(slack.top()[0]?.message.text).toBe(
      "🟢 Restored: CVK …00000001. alice@example.com (PaymentsAdmin) scheduled this key for deletion at 2024-05-27 19:49 UTC.",
    );
    expect(slack.thread("1.000100")).toEqual(story.slice(0, 1));
    expect(mails.map(({ subject }) => subject)).toEqual(["reprieve: Restored: CVK ?00000001"]);
    expect(entries).toHaveLength(5);
  });

  it("is changed in place as it goes on, with every sentence told once, whatever was announced before", async () => {
    const { announcer, tell, slack, directory } = createNotifyWorld();
    const all = askedCase(name);
    for (const length of [6, 7, 7, 9, 10, 10]) {
      tell(name, all.slice(0, length));
      await announceCase(announcer, name);
    }
    const { entries } = tell(name, all);
    const final = caseMessage(name, caseNotice(caseOf({ ...emptyCase, entries }), entries, directory), directory);
    expect(slack.top()).toMatchObject([{ message: final, edits: 3 }]);
    expect(slack.thread("1.000100")).toEqual(story);
  });

  it("urges those who may still approve when it reminds of the deadline", async () => {
    const { announcer, tell, slack } = createNotifyWorld();
    for (const length of [6, 7]) {
      tell(name, askedCase(name).slice(0, length));
      await announceCase(announcer, name);
    }
    const { message } = slack.posted.at(-1) ?? {};
    expect(message?.blocks.at(-1)).toEqual({
      type: "section",
      text: { type: "mrkdwn", text: "<@U0BOB> <@U0CAROL>" },
    });
  });

  it("is read under the claim: who was slow to claim it takes nothing back", async () => {
    const { announcer, tell, slack, board } = createNotifyWorld();
    const all = askedCase(name);
    tell(name, all.slice(0, 6));
    const slow = {
      ...announcer,
      board: {
        ...board,
        claim: async (...claimArguments: Parameters<typeof board.claim>) => {
          tell(name, all);
          await announceCase(announcer, name);
          return await board.claim(...claimArguments);
        },
      },
    };
    await announceCase(slow, name);
    expect(slack.top()).toMatchObject([
      { message: { text: expect.stringContaining("Deletion approved: CVK …00000001") }, edits: 0 },
    ]);
    expect(board.items.get(`${name.keyArn}#1`)).toMatchObject({ record: { told: 10, mailed: 10 } });
  });

  it("that is not on record is put aside by its code", async () => {
    const { announcer, slack } = createNotifyWorld();
    const unknown = { code: "CASE_UNKNOWN", disposition: "dead-letter" };
    await expect(announceCase(announcer, name)).rejects.toMatchObject(unknown);
    expect(slack.posted).toEqual([]);
  });

  it("waits while someone else reports it, and is taken over when that one has died", async () => {
    const { announcer, tell, board, world, slack } = createNotifyWorld();
    tell(name, restoredCase(name));
    await board.claim({ series: name.keyArn, number: 1 }, "dead", world.time.now, world.time.now + 70_000);
    await expect(announceCase(announcer, name)).rejects.toMatchObject({ code: "CASE_CLAIMED", retryAfterSeconds: 3 });
    world.time.now += 70_000;
    await announceCase(announcer, name);
    expect(slack.top()).toHaveLength(1);
  });
});

describe("one way out that is closed closes no other", () => {
  it.each([
    ["asks to come back later", rateLimited, { code: "SLACK_UNAVAILABLE", retryAfterSeconds: 7 }],
    ["is down", slackDown, { code: "SLACK_UNAVAILABLE", disposition: "retry" }],
    ["knows no such channel", channelNotFound, { code: "SLACK_REFUSED", disposition: "retry" }],
    ["cannot show this message", blocksInvalid, { code: "SLACK_REFUSED", disposition: "dead-letter" }],
  ])("Slack %s: the mail goes out, once", async (_, fault, error) => {
    const { announcer, tell, slack, mails } = createNotifyWorld();
    tell(name, restoredCase(name));
    slack.fault = fault;
    for (const _try of [1, 2, 3]) await expect(announceCase(announcer, name)).rejects.toMatchObject(error);
    expect(mails).toHaveLength(1);
    slack.fault = () => {};
    await announceCase(announcer, name);
    expect([slack.top().length, slack.thread("1.000100"), mails.length]).toEqual([1, story.slice(0, 1), 1]);
  });

  it("the topic: Slack is notified, once, and the mail is made up for", async () => {
    const { announcer, tell, slack, mails, world } = createNotifyWorld();
    tell(name, restoredCase(name));
    world.topicFault = () => {
      throw new GuardError("TOPIC_UNAVAILABLE", "retry", "down");
    };
    for (const _try of [1, 2])
      await expect(announceCase(announcer, name)).rejects.toMatchObject({ code: "TOPIC_UNAVAILABLE" });
    expect([slack.posted.length, mails.length]).toEqual([2, 0]);
    world.topicFault = () => {};
    await announceCase(announcer, name);
    expect([slack.posted.length, mails.length]).toEqual([2, 1]);
  });

  it("both: what a retry may mend is retried first, and the refusal comes up then", async () => {
    const { announcer, tell, slack, world } = createNotifyWorld();
    tell(name, restoredCase(name));
    slack.fault = blocksInvalid;
    world.topicFault = () => {
      throw new GuardError("TOPIC_UNAVAILABLE", "retry", "down");
    };
    await expect(announceCase(announcer, name)).rejects.toMatchObject({ code: "TOPIC_UNAVAILABLE" });
    world.topicFault = () => {};
    await expect(announceCase(announcer, name)).rejects.toMatchObject({ code: "SLACK_REFUSED" });
  });

  it("without a channel mail tells alone", async () => {
    const { announcer, tell, slack, mails } = createNotifyWorld({ slack: false });
    tell(name, restoredCase(name));
    await announceCase(announcer, name);
    await announceCase(announcer, name);
    expect([slack.posted.length, mails.length]).toEqual([0, 1]);
  });
});

describe("a message that someone deleted in Slack", () => {
  it("is made again when the case goes on, and its thread goes on there", async () => {
    const { announcer, tell, slack } = createNotifyWorld();
    tell(name, askedCase(name).slice(0, 6));
    await announceCase(announcer, name);
    slack.posted.splice(0, 1);
    tell(name, askedCase(name).slice(0, 8));
    await announceCase(announcer, name);
    const [again] = slack.top();
    expect(again?.message.text).toContain("Keep it or let it go? CVK …00000001");
    expect(slack.thread(again?.ts ?? "")).toEqual(story.slice(2, 4));
    tell(name, askedCase(name));
    await announceCase(announcer, name);
    expect(slack.top()).toHaveLength(1);
  });
});

describe("when the time is nearly over", () => {
  const late = [...askedCase(name).slice(0, 7), { kind: "approval-reminded", percent: 95 } as const];

  it("others are called in elsewhere, with all that they need to know, and once", async () => {
    const { announcer, tell, slack } = createNotifyWorld({ settings: { escalation: "C0BOSSES" } });
    tell(name, late);
    await announceCase(announcer, name);
    await announceCase(announcer, name);
    const there = slack.posted.filter(({ channel }) => channel === "C0BOSSES");
    expect(there).toHaveLength(1);
    expect(JSON.stringify(there)).toContain("case 00000001#1");
    expect(JSON.stringify(there)).not.toContain("button");
  });

  it("a user group is called in in the thread", async () => {
    const { announcer, tell, slack } = createNotifyWorld({ settings: { escalation: "S0BOSSES" } });
    tell(name, late);
    await announceCase(announcer, name);
    expect(slack.posted.at(-1)).toMatchObject({ channel: "C0KEYS", threadTs: "1.000100" });
    expect(JSON.stringify(slack.posted.at(-1))).toContain("<!subteam^S0BOSSES>");
  });

  it.each([
    ["another channel", "C0BOSSES", "C0BOSSES"],
    ["a user group", "S0BOSSES", "C0KEYS"],
  ])("%s is called in, and once, where the message of the case cannot be shown", async (_, escalation, place) => {
    const { announcer, tell, slack } = createNotifyWorld({ settings: { escalation } });
    const { channel } = announcer;
    if (channel === undefined) throw new TypeError("the world has a channel");
    const show = async () => await Promise.reject(new GuardError("SLACK_REFUSED", "retry", "not_in_channel"));
    tell(name, late);
    for (const _try of [1, 2])
      await expect(announceCase({ ...announcer, channel: { ...channel, show } }, name)).rejects.toMatchObject({
        code: "SLACK_REFUSED",
      });
    expect(slack.posted.map((each) => [each.channel, each.threadTs])).toEqual([[place, undefined]]);
    const there = JSON.stringify(slack.posted);
    expect(there).toContain("case 00000001#1");
    expect(there.includes("<!subteam^S0BOSSES>")).toBe(escalation === "S0BOSSES");
    expect(there).not.toContain("button");
  });

  it("a channel of theirs that does not exist repeats nothing in the thread, and keeps nothing back", async () => {
    const { announcer, tell, slack, mails } = createNotifyWorld({ settings: { escalation: "C0GONE" } });
    slack.fault = (_, channel) => void (channel === "C0GONE" && channelNotFound());
    tell(name, late);
    for (const _try of [1, 2, 3])
      await expect(announceCase(announcer, name)).rejects.toMatchObject({ code: "SLACK_REFUSED" });
    expect(slack.thread("1.000100")).toEqual([...story.slice(0, 3), "95 % of the time to decide is over."]);
    expect([slack.top().length, mails.length]).toEqual([1, 1]);
  });

  it("nobody is called in for a question that was answered before anyone could be notified", async () => {
    const { announcer, tell, slack } = createNotifyWorld({ settings: { escalation: "C0BOSSES" } });
    tell(name, [...late, { kind: "approval-refused", by: "bob", afterApproval: false }]);
    await announceCase(announcer, name);
    expect(slack.posted.filter(({ channel }) => channel === "C0BOSSES")).toEqual([]);
  });
});

describe("a key that is restored and still disabled", () => {
  it("has the button that starts it", async () => {
    const { announcer, tell, slack } = createNotifyWorld();
    tell(name, [
      detectionOf(name),
      toRestore,
      { kind: "restore-intended", late: false },
      { kind: "key-restored", enabled: false, how: "answered" },
      { kind: "key-left-disabled", why: "no-evidence-that-it-was-enabled" },
    ]);
    await announceCase(announcer, name);
    expect(slack.top()[0]?.message.blocks.at(-2)).toMatchObject({
      type: "actions",
      elements: [{ action_id: "start-usage", value: `${name.keyArn}#1` }],
    });
  });
});
