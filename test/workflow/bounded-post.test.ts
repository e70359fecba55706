import { describe, expect, it } from "vitest";
import { handleBatch } from "../../functions/notify/batch.ts";
import { metricFor } from "../../functions/shared/log-table.ts";
import { GuardError, type GuardErrorCode } from "../../lib/domain/guard-error.ts";
import { announceAlarm } from "../../lib/workflows/notify/announce-alarm.ts";
import { announceCase } from "../../lib/workflows/notify/announce-case.ts";
import { announceLines } from "../../lib/workflows/notify/announce-lines.ts";
import type { LogCode } from "../../lib/workflows/ports/log-code.ts";
import type { CaseChannel } from "../../lib/workflows/ports/notices.ts";
import { t0 } from "../doubles/key-world.ts";
import { slackDown } from "../doubles/memory-slack.ts";
import { askedCase, caseNo, createNotifyWorld, observedCase, ownEvent, restoredCase } from "../doubles/notify.ts";
import { sqsRecord } from "../doubles/sqs.ts";

const name = caseNo(1);
const hour = 3_600_000;
const repeated = { principal: "p", deletions: 3, keys: [name.keyArn], from: t0, to: t0 + 1 };
const subject = { series: "pause", number: 1 };

/** A notify function to whose channel everything is posted, and that learns of nothing: `lost` says which calls. */
function createLossyWorld(lost: (method: keyof CaseChannel) => boolean, code: GuardErrorCode = "SLACK_UNANSWERED") {
  const world = createNotifyWorld();
  const { channel } = world.announcer;
  if (channel === undefined) throw new TypeError("the world has a channel");
  const lossy = <Args extends unknown[], Made>(method: keyof CaseChannel, call: (...args: Args) => Promise<Made>) => {
    return async (...args: Args): Promise<Made> => {
      const made = await call(...args);
      if (lost(method)) throw new GuardError(code, "retry", "the answer was lost");
      return made;
    };
  };
  const announcer = {
    ...world.announcer,
    channel: {
      show: lossy("show", channel.show),
      reply: lossy("reply", channel.reply),
      escalate: lossy("escalate", channel.escalate),
      showSummary: lossy("showSummary", channel.showSummary),
      post: lossy("post", channel.post),
      callIn: lossy("callIn", channel.callIn),
      whisper: lossy("whisper", channel.whisper),
    },
  };
  const batch = { ...world.batch, announcer };
  /** Delivers the message until it is done with, or for two days; returns the deliveries. */
  const deliver = async (type = "deletion-detected", detail: object = { case: name }) => {
    const until = world.world.time.now + 48 * hour;
    for (let deliveries = 1; world.world.time.now < until; deliveries++) {
      const event = { Records: [sqsRecord(ownEvent(type, detail), "m", deliveries)] };
      const { batchItemFailures } = await handleBatch(batch, event, { getRemainingTimeInMillis: () => 60_000 });
      if (batchItemFailures.length === 0) return deliveries;
      world.world.time.now += (world.delayed.at(-1) ?? 900) * 1000;
    }
    throw new Error("the message comes back after two days");
  };
  const givenUp = () => world.logged.filter((line) => line.code === "NOTICE_GIVEN_UP");
  return { ...world, announcer, batch, deliver, givenUp };
}

describe("a notice whose answer is lost forever", () => {
  it("is posted eight times over eight hours, given up with an alarm, and mailed once", async () => {
    const world = createLossyWorld(() => true);
    world.tell(name, restoredCase(name));
    const began = world.world.time.now;
    await world.deliver();
    expect(world.slack.top()).toHaveLength(8);
    expect((world.world.time.now - began) / hour).toBeGreaterThan(7.5);
    expect(world.givenUp()).toHaveLength(1);
    expect(world.givenUp()[0]?.fields).toMatchObject({ series: name.keyArn, number: 1, notice: "5", posts: 8 });
    expect(metricFor(world.givenUp()[0]?.code as LogCode, {})).toBe("AnnouncementsFailed");
    expect(world.mails).toHaveLength(1);
  });

  it("is mailed instead, once, where it would not be mailed otherwise", async () => {
    const world = createLossyWorld(() => true);
    world.tell(name, observedCase(name));
    await world.deliver();
    await world.deliver();
    expect([world.givenUp().length, world.mails.length]).toEqual([2, 1]);
    expect(world.mails[0]).toMatchObject({ subject: expect.stringContaining("Not restored (observe mode)") });
  });

  it("is mailed instead, once, after an hour in which the channel refused it", async () => {
    const world = createLossyWorld(() => true, "SLACK_UNAVAILABLE");
    world.tell(name, observedCase(name));
    for (const minutes of [0, 59, 1, 60]) {
      world.world.time.now += minutes * 60_000;
      await expect(announceCase(world.announcer, name)).rejects.toMatchObject({ code: "SLACK_UNAVAILABLE" });
      expect(world.mails).toHaveLength(minutes === 0 || minutes === 59 ? 0 : 1);
    }
  });

  it("raises the alarm of failing notices with its third attempt, whichever message made it", async () => {
    const world = createLossyWorld(() => true);
    world.tell(name, restoredCase(name));
    const unanswered = () => world.logged.filter(({ code }) => code === "NOTICE_UNANSWERED").length;
    for (const expected of [0, 0, 1]) {
      const event = { Records: [sqsRecord(ownEvent("key-restored", { case: name }), `message ${expected}`)] };
      await handleBatch(world.batch, event, { getRemainingTimeInMillis: () => 60_000 });
      expect(unanswered()).toBe(expected);
    }
    expect(metricFor("NOTICE_UNANSWERED", {})).toBe("NotifyMessagesRetried");
  });

  it("is not posted again by a repeated event, but its next state is, with all that was not told", async () => {
    let isLost = true;
    const world = createLossyWorld(() => isLost);
    const all = askedCase(name);
    world.tell(name, all.slice(0, 6));
    await world.deliver();
    await world.deliver();
    expect(world.slack.top()).toHaveLength(8);
    isLost = false;
    world.tell(name, all);
    expect(await world.deliver()).toBe(1);
    expect(world.slack.top()).toHaveLength(9);
    expect(world.slack.thread(world.slack.top().at(-1)?.ts ?? "")).toHaveLength(6);
  });

  it("has a bound of its own for the reply: the message itself is not posted again", async () => {
    const world = createLossyWorld((method) => method === "reply");
    world.tell(name, restoredCase(name));
    await world.deliver();
    expect([world.slack.top().length, world.slack.posted.length]).toEqual([1, 9]);
    expect(world.givenUp()).toHaveLength(1);
  });

  it.each<[string, (world: ReturnType<typeof createLossyWorld>) => Promise<void>]>([
    ["an alarm on repeated deletions", async ({ announcer }) => await announceAlarm(announcer, repeated)],
    [
      "lines of a pause",
      async ({ announcer }) =>
        await announceLines(announcer, subject, { title: "a pause", lines: ["paused", "ended"] }),
    ],
  ])("is posted eight times at most: %s", async (_, announce) => {
    const world = createLossyWorld(() => true);
    for (let n = 0; n < 100; n++) {
      await announce(world).catch((error: unknown) => {
        expect(error).toMatchObject({ code: "SLACK_UNANSWERED" });
      });
      world.world.time.now += 900_000;
    }
    expect([world.slack.posted.length, world.mails.length]).toEqual([8, 1]);
    expect(world.givenUp().length).toBeGreaterThan(0);
  });

  it("is posted eight times at most where it is the summary of a burst", async () => {
    const world = createLossyWorld((method) => method === "showSummary");
    for (let n = 1; n <= 11; n++) {
      world.tell(caseNo(n), restoredCase(caseNo(n)));
      await world.deliver("deletion-detected", { case: caseNo(n) });
    }
    expect(world.slack.top()).toHaveLength(10 + 8);
    expect(world.givenUp()).toHaveLength(1);
  });
});

describe("a notice that the channel refuses for hours", () => {
  it("uses up no attempt, and is posted once as soon as it can be", async () => {
    const world = createLossyWorld(() => false);
    world.tell(name, restoredCase(name));
    world.slack.fault = slackDown;
    const event = { Records: [sqsRecord(ownEvent("deletion-detected", { case: name }), "m", 30)] };
    for (let n = 0; n < 50; n++) {
      await handleBatch(world.batch, event, { getRemainingTimeInMillis: () => 60_000 });
      world.world.time.now += 900_000;
    }
    expect(world.givenUp()).toEqual([]);
    world.slack.fault = () => {};
    await world.deliver();
    expect(world.slack.top()).toHaveLength(1);
  });
});
