import { describe, expect, it } from "vitest";
import { processBatch, type QueueConsumer } from "../../functions/shared/queue-batch.ts";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { sqsRecord } from "../doubles/sqs.ts";

const plenty = { getRemainingTimeInMillis: () => 30_000 };
const failed = (...ids: string[]) => ({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });

/** A consumer of numbers: "dead" is not one, and above 100 they fail for now. */
function setUp(overrides: Partial<QueueConsumer<number>> = {}) {
  const processed: [message: number, deliveries: number][] = [];
  const logged: { code: string; fields: Readonly<Record<string, unknown>> }[] = [];
  const deadLetters: [string, string][] = [];
  const delayed: [string, number][] = [];
  const consumer: QueueConsumer<number> = {
    name: "notify",
    queue: {
      retryAfter: async (receipt, delaySeconds) => void delayed.push([receipt, delaySeconds]),
      deadLetter: async (body, code) => void deadLetters.push([body, code]),
    },
    maxReceives: 100,
    messageTimeMs: 10_000,
    log: (code, fields) => logged.push({ code, fields }),
    parse: (body) => {
      if (body === "dead") throw new GuardError("EVENT_MALFORMED", "dead-letter", "not a number");
      if (body === "foreign") throw new GuardError("WRONG_ACCOUNT", "reject", "not ours");
      return Number(body);
    },
    process: async (message, deliveries) => {
      if (message > 100) throw new GuardError("STORE_UNAVAILABLE", "retry", "down", { cause: new Error("no table") });
      processed.push([message, deliveries]);
    },
    ...overrides,
  };
  return { consumer, processed, logged, deadLetters, delayed };
}

describe("a batch of any queue", () => {
  it("settles every message by its own outcome, and returns those that come back", async () => {
    const { consumer, processed, logged, deadLetters, delayed } = setUp();
    const Records = [
      sqsRecord("dead", "a"),
      sqsRecord("101", "b", 2),
      sqsRecord("1", "c", 3),
      sqsRecord("foreign", "d"),
      sqsRecord("102", "e", 100),
    ];
    expect(await processBatch(consumer, { Records }, plenty)).toEqual(failed("b"));
    expect(processed).toEqual([[1, 3]]);
    expect(deadLetters).toEqual([
      ["dead", "EVENT_MALFORMED"],
      ["102", "STORE_UNAVAILABLE"],
    ]);
    expect(delayed).toEqual([["receipt of b", 15]]);
    expect(logged.map(({ code, fields }) => [code, fields["messageId"]])).toEqual([
      ["MESSAGE_DEAD_LETTERED", "a"],
      ["MESSAGE_RETRIED", "b"],
      ["MESSAGE_REJECTED", "d"],
      ["MESSAGE_DEAD_LETTERED", "e"],
    ]);
  });

  it("puts urgent messages first, and leaves the others in their order", async () => {
    const { consumer, processed } = setUp({ isUrgent: (body) => Number(body) >= 50 });
    const Records = ["1", "50", "2", "60"].map((body) => sqsRecord(body));
    await processBatch(consumer, { Records }, plenty);
    expect(processed.map(([message]) => message)).toEqual([50, 60, 1, 2]);
  });

  it("logs a message that the queue does not take back once, with its own code and the queue's error", async () => {
    const queue = {
      retryAfter: async () => await Promise.reject(new Error("no queue")),
      deadLetter: async () => await Promise.reject(new Error("no queue")),
    };
    const { consumer, logged } = setUp({ queue });
    expect(await processBatch(consumer, { Records: [sqsRecord("101", "m", 4)] }, plenty)).toEqual(failed("m"));
    expect(logged).toEqual([
      {
        code: "QUEUE_FAILED",
        fields: {
          ...{ queue: "notify", messageId: "m", deliveries: 4 },
          ...{ code: "STORE_UNAVAILABLE", reason: "down", cause: "Error: no queue" },
        },
      },
    ]);
  });
});
