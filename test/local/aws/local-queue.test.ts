import { getEventListeners } from "node:events";
import { beforeEach, describe, expect, it } from "vitest";
import { LocalQueue } from "../../../local/aws/queue/local-queue.ts";
import { handleSqs } from "../../../local/aws/queue/sqs-api.ts";
import { WorldClock } from "../../../local/clock/world-clock.ts";

let clock: WorldClock;
let queue: LocalQueue;
let deadLetters: LocalQueue;

beforeEach(() => {
  clock = new WorldClock();
  clock.setSpeed(0);
  const common = { clock, visibilityMs: 180_000, retentionMs: 14 * 86_400_000 };
  deadLetters = new LocalQueue({ ...common, name: "dead" });
  queue = new LocalQueue({ ...common, name: "queue", redrive: { maxReceives: 3, to: deadLetters } });
});

describe("a queue", () => {
  it("hides what it hands out until the visibility timeout is over, and counts", () => {
    queue.send("a");
    const [first] = queue.receive(10);
    expect(first).toMatchObject({ body: "a", receives: 1 });
    expect(queue.receive(10)).toEqual([]);
    clock.jump(179_999);
    expect(queue.receive(10)).toEqual([]);
    clock.jump(1);
    expect(queue.receive(10)).toMatchObject([{ body: "a", receives: 2 }]);
  });

  it("wakes anyone who waits when a message comes, when one becomes visible and when the signal aborts, and then listens no more", async () => {
    const stop = new AbortController();
    const { signal } = stop;
    const listeners = () => getEventListeners(signal, "abort").length;
    const woken = [queue.somethingVisible(signal), queue.somethingVisible(signal)];
    expect(listeners()).toBe(2);
    queue.send("a");
    await Promise.all(woken);
    expect(listeners()).toBe(0);
    queue.receive(1);
    const later = queue.somethingVisible(signal);
    clock.jump(180_000);
    await later;
    expect([listeners(), queue.visible.length]).toEqual([0, 1]);
    queue.purge();
    const stopped = queue.somethingVisible(signal);
    stop.abort();
    await stopped;
    expect(listeners()).toBe(0);
  });

  it("shows a message earlier when told so, by its newest receipt only", () => {
    queue.send("a");
    const old = queue.receive(1)[0]?.receiptHandle ?? "";
    expect(queue.changeVisibility(old, 5_000)).toBe(true);
    clock.jump(5_000);
    const newest = queue.receive(1)[0]?.receiptHandle ?? "";
    expect(newest).not.toBe(old);
    expect(queue.changeVisibility(old, 0)).toBe(false);
    queue.delete(old);
    expect(queue.messages).toHaveLength(1);
    queue.delete(newest);
    expect(queue.messages).toHaveLength(0);
  });

  it("gives a message up to the dead-letter queue after its last delivery", () => {
    queue.send("poison");
    for (let n = 0; n < 3; n++) {
      expect(queue.receive(1)).toHaveLength(1);
      clock.jump(180_000);
    }
    expect(queue.receive(1)).toEqual([]);
    expect(deadLetters.messages).toMatchObject([{ body: "poison" }]);
  });

  it("forgets a message after its retention", () => {
    queue.send("old");
    clock.jump(14 * 86_400_000 + 1);
    expect(queue.receive(1)).toEqual([]);
    expect(queue.messages).toEqual([]);
  });

  it("hands out no more than was asked for, and holds back what is delayed", () => {
    queue.send("a");
    queue.send("b");
    queue.send("late", {}, 1_000);
    expect(queue.receive(1)).toHaveLength(1);
    expect(queue.receive(10)).toHaveLength(1);
    clock.jump(1_000);
    expect(queue.receive(10)).toMatchObject([{ body: "late" }]);
  });

  it("wakes anyone who waits when something is sent, and when the wait is called off", async () => {
    const { signal } = new AbortController();
    const waiting = queue.somethingVisible(signal);
    queue.send("a");
    await waiting;
    queue.receive(1);
    const stop = new AbortController();
    const cancelled = queue.somethingVisible(stop.signal);
    stop.abort();
    await cancelled;
  });
});

describe("the API of SQS", () => {
  const call = (action: string, request: object) =>
    handleSqs([queue], ({ name }) => `http://127.0.0.1/1/${name}`, action, {
      QueueUrl: "http://127.0.0.1/1/queue",
      ...request,
    });

  it("sends, receives and deletes", () => {
    const attributes = { errorCode: { DataType: "String", StringValue: "X" } };
    expect(call("SendMessage", { MessageBody: "a", MessageAttributes: attributes })).toMatchObject({
      status: 200,
      body: { MD5OfMessageBody: "0cc175b9c0f1b6a831c399e269772661" },
    });
    const { body } = call("ReceiveMessage", { MaxNumberOfMessages: 10 });
    const { Messages } = body as { Messages: { ReceiptHandle: string }[] };
    expect(Messages).toMatchObject([
      { Body: "a", Attributes: { ApproximateReceiveCount: "1" }, MessageAttributes: attributes },
    ]);
    call("DeleteMessage", { ReceiptHandle: Messages[0]?.ReceiptHandle });
    expect(call("GetQueueAttributes", {}).body).toEqual({
      Attributes: { ApproximateNumberOfMessages: "0", ApproximateNumberOfMessagesNotVisible: "0", Policy: "{}" },
    });
  });

  it.each([
    ["SendMessage", { QueueUrl: "http://127.0.0.1/1/none" }, "com.amazonaws.sqs#QueueDoesNotExist"],
    ["SendMessage", {}, "MissingParameter"],
    [
      "ChangeMessageVisibility",
      { ReceiptHandle: "x", VisibilityTimeout: 0 },
      "com.amazonaws.sqs#ReceiptHandleIsInvalid",
    ],
    ["TagQueue", {}, "com.amazonaws.sqs#UnsupportedOperation"],
  ])("refuses %s %j", (action, request, type) => {
    expect(call(action, request)).toMatchObject({ status: 400, body: { __type: type } });
  });
});
