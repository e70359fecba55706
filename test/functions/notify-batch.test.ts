import { describe, expect, it } from "vitest";
import { handleBatch } from "../../functions/notify/batch.ts";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { append } from "../../lib/domain/ledger/chain.ts";
import type { Receipt } from "../../lib/workflows/ports/votes.ts";
import { chainBefore } from "../doubles/chain-names.ts";
import { keyArn, t0 } from "../doubles/key-world.ts";
import { blocksInvalid, channelNotFound, rateLimited, slackDown } from "../doubles/memory-slack.ts";
import { caseNo, createNotifyWorld, ownEvent, restoredCase } from "../doubles/notify.ts";
import { sqsRecord } from "../doubles/sqs.ts";

const plenty = { getRemainingTimeInMillis: () => 60_000 };
const name = caseNo(1);
const usable = ownEvent("key-usable", { case: name });
const foreign = {
  account: keyArn().replace("111122223333", "999988887777"),
  region: keyArn().replace("us-east-1", "eu-west-1"),
};
const failed = (...ids: string[]) => ({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });

function setUp() {
  const world = createNotifyWorld();
  world.tell(name, restoredCase(name));
  const deliver = async (body: string, receives = 1) =>
    await handleBatch(world.batch, { Records: [sqsRecord(body, "m", receives)] }, plenty);
  return { ...world, deliver };
}

describe("an alarm of the stack that changes its state", () => {
  const alarmEvent = (overrides: object = {}, detail: object = {}) =>
    JSON.stringify({
      ...{ source: "aws.cloudwatch", "detail-type": "CloudWatch Alarm State Change" },
      ...{ account: "111122223333", region: "us-east-1" },
      detail: {
        alarmName: "reprieve-dev-sweep-missing",
        state: { value: "ALARM", timestamp: "2019-10-02T17:04:40.985+0000", reason: "no datapoints", reasonData: "{}" },
        previousState: { value: "OK", timestamp: "2019-10-01T13:56:40.987+0000", reason: "r" },
        configuration: { metrics: [] },
        ...detail,
      },
      ...overrides,
    });

  it("goes on record once, and nobody is notified a second time", async () => {
    const { deliver, book, slack, mails, deadLetters } = setUp();
    expect([await deliver(alarmEvent()), await deliver(alarmEvent())]).toEqual([failed(), failed()]);
    const [chain, ...others] = [...book.chains.values()];
    expect(others).toEqual([]);
    expect(chain?.name).toBe("control#2019-10-02#1");
    expect(chain?.entries).toMatchObject([
      { kind: "alarm-began", alarm: "reprieve-dev-sweep-missing", changedAt: 1_570_035_880_985, at: t0 + 10_000 },
    ]);
    expect([slack.top(), mails, deadLetters]).toEqual([[], [], []]);
  });

  it("comes back later where the table cannot be written", async () => {
    const { deliver, book, delayed, deadLetters } = setUp();
    const save = async () => await Promise.reject(new GuardError("STORE_UNAVAILABLE", "retry", "down"));
    Object.assign(book, { save });
    expect(await deliver(alarmEvent())).toEqual(failed("m"));
    expect([delayed.length, deadLetters]).toEqual([1, []]);
  });

  it.each([
    ["of another account", alarmEvent({ account: "999988887777" })],
    ["of another Region", alarmEvent({ region: "eu-west-1" })],
    ["without a name", alarmEvent({}, { alarmName: "" })],
    ["in a state of tomorrow", alarmEvent({}, { state: { value: "MAYBE", timestamp: "2019-10-02T17:04:40Z" } })],
    ["at a time that is not one", alarmEvent({}, { state: { value: "ALARM", timestamp: "2019-13-02T17:04:40Z" } })],
    ["at a time of another form", alarmEvent({}, { state: { value: "ALARM", timestamp: 1 } })],
  ])("%s is set aside with EVENT_MALFORMED", async (_, body) => {
    const { deliver, book, deadLetters } = setUp();
    await deliver(body);
    expect(deadLetters.map(([, code]) => code)).toEqual(["EVENT_MALFORMED"]);
    expect(book.chains.size).toBe(0);
  });
});

describe("a message of the notify queue", () => {
  it("notifies people once, however often it comes", async () => {
    const { deliver, slack, mails, logged } = setUp();
    expect(await deliver(usable)).toEqual(failed());
    expect(slack.top()).toHaveLength(1);
    expect(mails).toHaveLength(1);
    expect(logged).toEqual([{ code: "NOTIFIED", fields: { ...name, entries: 5, place: "own" } }]);
    expect(await deliver(usable)).toEqual(failed());
    expect([slack.top().length, mails.length]).toEqual([1, 1]);
  });

  it.each([
    ["garbage", "{", "EVENT_NOT_JSON"],
    ["an event of someone else", '{"source":"aws.ec2","detail-type":"key-usable"}', "EVENT_UNEXPECTED"],
    ["JSON that is no event", "[]", "EVENT_UNEXPECTED"],
    ["an event without a case", ownEvent("key-usable", {}), "EVENT_MALFORMED"],
    [
      "an event of another account",
      ownEvent("key-usable", { case: name }, { account: "999988887777" }),
      "EVENT_MALFORMED",
    ],
    ["an event of another region", ownEvent("key-usable", { case: name }, { region: "eu-west-1" }), "EVENT_MALFORMED"],
    ["a case that is not on record", ownEvent("key-usable", { case: caseNo(2) }), "CASE_UNKNOWN"],
    ["an alarm that names nobody", ownEvent("deletions-repeated", { deletions: 3 }), "EVENT_MALFORMED"],
    [
      "an alarm of another account",
      ownEvent(
        "deletions-repeated",
        { principal: "p", deletions: 3, keys: [keyArn()], from: t0, to: t0 },
        { account: "1" },
      ),
      "EVENT_MALFORMED",
    ],
  ])("that is %s is put aside with its code, and harms no other", async (_, body, code) => {
    const { batch, slack, deadLetters, logged } = setUp();
    const Records = [sqsRecord(body, "bad"), sqsRecord(usable, "good")];
    expect(await handleBatch(batch, { Records }, plenty)).toEqual(failed());
    expect(deadLetters).toEqual([[body, code]]);
    expect(logged[0]).toMatchObject({ code: "MESSAGE_DEAD_LETTERED", fields: { code, messageId: "bad" } });
    expect(slack.top()).toHaveLength(1);
  });

  it.each(["re-evaluate", "unrecorded-restore-intended"])("of type %s notifies nobody", async (type) => {
    const { deliver, slack, deadLetters } = setUp();
    expect(await deliver(ownEvent(type, { case: { keyArn: keyArn() } }))).toEqual(failed());
    expect([slack.posted, deadLetters]).toEqual([[], []]);
  });

  it("comes back after the delay that Slack asks for, with the mail gone out", async () => {
    const { deliver, slack, delayed, mails } = setUp();
    slack.fault = rateLimited;
    expect(await deliver(usable)).toEqual(failed("m"));
    expect(await deliver(usable, 20)).toEqual(failed("m"));
    expect([delayed, mails.length]).toEqual([[7, 7], 1]);
  });

  it("that was asked to come back again and again uses up its deliveries slowly", async () => {
    const { deliver, slack, delayed } = setUp();
    slack.fault = rateLimited;
    await deliver(usable, 21);
    expect(delayed).toEqual([900]);
  });

  it("comes back after 5, 15, 45 s while Slack is down", async () => {
    const { deliver, slack, delayed } = setUp();
    slack.fault = slackDown;
    for (const receives of [1, 2, 3]) await deliver(usable, receives);
    expect(delayed).toEqual([5, 15, 45]);
  });

  it("whose message Slack cannot show goes to the dead-letter queue with its code, and out by mail", async () => {
    const { deliver, slack, deadLetters, mails } = setUp();
    slack.fault = blocksInvalid;
    expect(await deliver(usable)).toEqual(failed());
    expect([deadLetters, mails.length]).toEqual([[[usable, "SLACK_REFUSED"]], 1]);
  });

  it("for a channel that does not exist is tried for a day, and ends there too; the mail went out at once", async () => {
    const { deliver, slack, deadLetters, mails } = setUp();
    slack.fault = channelNotFound;
    for (let receives = 1; receives <= 100; receives++) await deliver(usable, receives);
    expect([deadLetters, mails.length]).toEqual([[[usable, "SLACK_REFUSED"]], 1]);
  });

  it("is not begun without time to finish it", async () => {
    const { batch, delayed, slack } = setUp();
    const context = { getRemainingTimeInMillis: () => 29_999 };
    expect(await handleBatch(batch, { Records: [sqsRecord(usable, "m")] }, context)).toEqual(failed("m"));
    expect([delayed, slack.posted]).toEqual([[0], []]);
  });
});

describe("a change that belongs to no case", () => {
  const voter = { via: "aws", arn: "arn:aws:iam::111122223333:user/alice", userId: "AIDAALICE" } as const;
  const request = { voter, person: "alice", reason: "INC-7" };

  it("of a pause is said in the channel and mailed, once", async () => {
    const { deliver, pauses, slack, mails } = setUp();
    const requested = { kind: "pause-requested", number: 1, forMs: 3_600_000, ...request } as const;
    await pauses.save({ chain: append(chainBefore(requested), requested, t0), expectedLength: 0 });
    for (const _ of [1, 2]) expect(await deliver(ownEvent("pause-changed", { pause: 1 }))).toEqual(failed());
    expect(mails).toMatchObject([
      {
        subject: "reprieve: a pause of the guard",
        text: expect.stringContaining("alice requests a pause of the guard"),
      },
    ]);
    expect(slack.posted).toHaveLength(1);
  });

  it("of a permit is said in the channel and mailed, once", async () => {
    const { deliver, permits, slack, mails } = setUp();
    const requested = {
      ...({ kind: "permit-requested", keyArn: keyArn(), number: 1, rule: "ask", principal: voter.arn } as const),
      ...{ minWaitingMs: 604_800_000, deadline: t0 + 86_400_000, ...request },
    };
    permits.set(`${keyArn()}#p1`, append(chainBefore(requested), requested, t0));
    const changed = ownEvent("permit-changed", { permit: { keyArn: keyArn(), number: 1 } });
    for (const _ of [1, 2]) expect(await deliver(changed)).toEqual(failed());
    expect(mails).toMatchObject([{ subject: "reprieve: a permit to delete a key" }]);
    expect(slack.posted).toHaveLength(1);
  });

  it.each([
    ["a pause of another account", ownEvent("pause-changed", { pause: 1 }, { account: "999988887777" })],
    ["a pause of another region", ownEvent("pause-changed", { pause: 1 }, { region: "eu-west-1" })],
    ["a case of another account's key", ownEvent("key-usable", { case: { keyArn: foreign.account, generation: 1 } })],
    ["a case of another region's key", ownEvent("key-usable", { case: { keyArn: foreign.region, generation: 1 } })],
  ])("of %s is put aside with its code", async (_, body) => {
    const { deliver, deadLetters, mails } = setUp();
    expect(await deliver(body)).toEqual(failed());
    expect([deadLetters, mails]).toEqual([[[body, "EVENT_MALFORMED"]], []]);
  });
});

describe("the alarm on repeated deletions", () => {
  const alarm = {
    principal: "arn:aws:iam::111122223333:role/<!channel>",
    deletions: 3,
    keys: [caseNo(1).keyArn, caseNo(2).keyArn],
    from: t0,
    to: t0 + 120_000,
  };
  const raised = ownEvent("deletions-repeated", alarm);

  it("is said in the channel and mailed, once however often the bus reports it", async () => {
    const { deliver, slack, mails } = setUp();
    for (const _ of [1, 2]) expect(await deliver(raised)).toEqual(failed());
    expect(slack.posted).toHaveLength(1);
    expect(slack.posted[0]?.message.blocks).toEqual([
      {
        type: "section",
        text: {
          type: "plain_text",
          text: [
            "arn:aws:iam::111122223333:role/&lt;!channel&gt; has scheduled 3 deletions of 2 payment keys within an hour.",
            "From 2024-05-27 19:49:54 UTC to 2024-05-27 19:51:54 UTC: key burst00000000001, key burst00000000002",
            "The guard goes on as its policy says. Contact that principal, and remove its permission to delete until the cause is known.",
          ].join("\n"),
        },
      },
    ]);
    expect(mails).toMatchObject([{ subject: "reprieve: one principal deletes payment keys again and again" }]);
  });

  it("is mailed once while Slack is down, and said when it is back", async () => {
    const { deliver, slack, mails } = setUp();
    slack.fault = slackDown;
    for (const _ of [1, 2]) expect(await deliver(raised)).toEqual(failed("m"));
    slack.fault = () => {};
    await deliver(raised);
    expect([slack.posted.length, mails.length]).toEqual([1, 1]);
  });

  it("is raised by the third deletion, once, and each further one keeps still", async () => {
    const { batch, tell, raised: alarms, logged } = createNotifyWorld();
    for (const n of [1, 2, 3, 4, 5]) {
      tell(caseNo(n), restoredCase(caseNo(n)));
      const body = ownEvent("deletion-detected", { case: caseNo(n) });
      for (const _ of [1, 2]) await handleBatch(batch, { Records: [sqsRecord(body)] }, plenty);
      expect(alarms).toHaveLength(n < 3 ? 0 : 1);
    }
    expect(alarms).toMatchObject([{ deletions: 3, keys: [1, 2, 3].map((n) => caseNo(n).keyArn) }]);
    expect(logged.filter(({ code }) => code === "DELETIONS_REPEATED")).toHaveLength(1);
  });

  it("that the bus does not take is raised again, and the case is announced meanwhile", async () => {
    const { batch, tell, slack, logged } = createNotifyWorld();
    const down = async () => await Promise.reject(new GuardError("BUS_UNAVAILABLE", "retry", "down"));
    const raise = async (n: number, over: object) => {
      const body = ownEvent("deletion-detected", { case: caseNo(n) });
      return await handleBatch({ ...batch, ...over }, { Records: [sqsRecord(body, "m")] }, plenty);
    };
    for (const n of [1, 2, 3]) tell(caseNo(n), restoredCase(caseNo(n)));
    for (const n of [1, 2]) await raise(n, {});
    expect(await raise(3, { raise: down })).toEqual(failed("m"));
    expect(slack.top()).toHaveLength(3);
    expect(logged).not.toContainEqual(expect.objectContaining({ code: "DELETIONS_REPEATED" }));
    expect(await raise(3, {})).toEqual(failed());
    expect(logged).toContainEqual(expect.objectContaining({ code: "DELETIONS_REPEATED" }));
  });
});

describe("the verdict on a request", () => {
  const requestId = "5e".repeat(32);
  const receipt: Receipt = {
    ...{
      requestId,
      verdict: "case.refused.too-late",
      accepted: false,
      message: "This vote does not count.",
      answered: "",
    },
    ...{ voter: { via: "slack", userId: "U0BOB" }, channel: "C0WHERE", sentAt: t0, judgedAt: t0 + 1000 },
  };
  const told = async (change: Partial<Receipt>, slackFault = () => {}) => {
    const world = setUp();
    await world.receipts.write({ ...receipt, ...change });
    world.slack.fault = slackFault;
    const answer = await world.deliver(ownEvent("request-judged", { request: requestId }));
    return { answer, whispers: world.slack.whispers, logged: world.logged.map(({ code }) => code) };
  };

  it.each<[string, Partial<Receipt>]>([
    ["that it does not count", {}],
    [
      "that it ended otherwise than the dialog said",
      { verdict: "case.refused.too-late", answered: "case.counted.waiting" },
    ],
    [
      "that it completed the approval",
      { accepted: true, verdict: "case.counted.granted", answered: "case.counted.waiting" },
    ],
    ["who kept the key before", { accepted: true, verdict: "case.kept-already" }],
  ])("is reported to the person alone, where that person voted: %s", async (_, change) => {
    const { answer, whispers } = await told(change);
    expect([answer, whispers]).toEqual([failed(), [["C0WHERE", "U0BOB", "This vote does not count."]]]);
  });

  it.each<[string, Partial<Receipt>]>([
    ["what the message of the case shows", { accepted: true, verdict: "case.counted.kept" }],
    ["what the dialog said", { answered: "case.refused.too-late" }],
    ["that it was on record already", { accepted: true, verdict: "case.repeated", answered: "case.counted.waiting" }],
    ["what the command shows", { voter: { via: "aws", arn: "arn:aws:iam::111122223333:user/bob", userId: "AIDABOB" } }],
  ])("is not told again: %s", async (_, change) => {
    expect((await told(change)).whispers).toEqual([]);
  });

  it("is shown to nobody where the proof was wrong", async () => {
    const { voter: _voter, ...unproven } = receipt;
    const world = setUp();
    await world.receipts.write(unproven);
    await world.deliver(ownEvent("request-judged", { request: requestId }));
    expect(world.slack.whispers).toEqual([]);
  });

  it("goes to the channel of the cases where a dialog names none", async () => {
    const { channel: _channel, ...dialog } = receipt;
    const world = setUp();
    await world.receipts.write(dialog);
    await world.deliver(ownEvent("request-judged", { request: requestId }));
    expect(world.slack.whispers).toEqual([["C0KEYS", "U0BOB", "This vote does not count."]]);
  });

  it("comes again while Slack is down, and not where the person has left the channel", async () => {
    expect((await told({}, slackDown)).answer).toEqual(failed("m"));
    const gone = await told({}, channelNotFound);
    expect([gone.answer, gone.logged]).toEqual([failed(), ["VOTER_NOTIFY_FAILED"]]);
  });

  it.each([
    ["no id", { request: "x" }],
    ["nothing", {}],
    ["an id in capitals", { request: "5E".repeat(32) }],
  ])("is put aside where the event names %s", async (_, detail) => {
    const world = setUp();
    await world.deliver(ownEvent("request-judged", detail));
    expect(world.deadLetters.map(([, code]) => code)).toEqual(["EVENT_MALFORMED"]);
  });
});
