import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type GuardBatch, handleBatch } from "../../functions/guard/batch.ts";
import { GuardError } from "../../lib/domain/guard-error.ts";
import type { PaymentKeys } from "../../lib/workflows/ports/guard.ts";
import { createTestGuard } from "../doubles/guard.ts";
import { createKeyWorld, t0 } from "../doubles/key-world.ts";
import { sqsRecord as record } from "../doubles/sqs.ts";

const sample = (name: string) => readFileSync(new URL(`../../events/${name}.json`, import.meta.url), "utf8");
const plenty = { getRemainingTimeInMillis: () => 30_000 };

function setUp(overrides: Partial<GuardBatch["guard"]> = {}, queue: Partial<GuardBatch["queue"]> = {}) {
  const keys = createKeyWorld();
  const test = createTestGuard(keys, t0 + 1000);
  const delayed: [string, number][] = [];
  const deadLetters: [string, string][] = [];
  const counted: string[] = [];
  const timed: [string, number][] = [];
  const attempts: object[] = [];
  const batch: GuardBatch = {
    guard: { ...test.guard, ...overrides },
    queue: {
      retryAfter: async (receipt, seconds) => {
        delayed.push([receipt, seconds]);
      },
      deadLetter: async (body, code) => {
        deadLetters.push([body, code]);
      },
      ...queue,
    },
    stack: { account: "111122223333", region: "us-east-1" },
    maxReceives: 100,
    recordRefused: async (attempt) => void attempts.push(attempt),
    metrics: {
      count: (event) => {
        counted.push(event);
      },
      time: (metric, ms) => {
        timed.push([metric, ms]);
      },
    },
  };
  return { ...test, keys, batch, delayed, deadLetters, counted, timed, attempts };
}

const failed = (...ids: string[]) => ({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });

describe("a batch of the guard queue", () => {
  it("works on the most sensitive keys first, whatever came first", async () => {
    const order: string[] = [];
    const history = async (keyArn: string) => {
      order.push(keyArn.slice(-4));
      return await Promise.reject(new GuardError("CONTROL_PLANE_UNAVAILABLE", "retry", "enough for this test"));
    };
    const { batch, cases } = setUp();
    const recordOf = (id: string, usage: string) =>
      record(
        sample("delete-key-sso").replaceAll("kwapwa6qaifllw2h", id).replace("TR31_C0_CARD_VERIFICATION_KEY", usage),
        id,
      );
    const Records = [
      recordOf("aaaaaaaaaaaacvk1", "TR31_C0_CARD_VERIFICATION_KEY"),
      recordOf("aaaaaaaaaaaapin1", "TR31_P0_PIN_ENCRYPTION_KEY"),
      record("garbage", "garbage"),
      recordOf("aaaaaaaaaaaabdk1", "TR31_B0_BASE_DERIVATION_KEY"),
    ];
    await handleBatch({ ...batch, guard: { ...batch.guard, cases: { ...cases, history } } }, { Records }, plenty);
    expect(order).toEqual(["pin1", "bdk1", "cvk1"]);
  });

  it("with a deletion restores the key, and reports the result", async () => {
    const { batch, keys, timed, logged } = setUp();
    expect(await handleBatch(batch, { Records: [record(sample("delete-key-sso"))] }, plenty)).toEqual(failed());
    expect(keys.state).toBe("CREATE_COMPLETE");
    expect(timed).toEqual([["TimeToUsable", 1000]]);
    expect(logged).toMatchObject([
      {
        code: "CASE_ADVANCED",
        fields: { generation: 1, rule: "default", outcome: "restore", end: "key-usable", timeToUsableMs: 1000 },
      },
    ]);
  });

  it("reports nothing for a duplicate that found nothing to do", async () => {
    const { batch, logged } = setUp();
    const Records = [record(sample("delete-key-sso"), "a"), record(sample("delete-key-replay"), "b")];
    expect(await handleBatch(batch, { Records }, plenty)).toEqual(failed());
    expect(logged).toHaveLength(1);
  });

  it.each([
    ["garbage", "{", "EVENT_NOT_JSON"],
    ["an event that no rule sends", sample("create-key"), "EVENT_UNEXPECTED"],
  ])("puts %s aside with its code, and harms no other message", async (_, body, code) => {
    const { batch, keys, deadLetters, logged } = setUp();
    const Records = [record(body, "bad"), record(sample("delete-key-sso"), "good")];
    expect(await handleBatch(batch, { Records }, plenty)).toEqual(failed());
    expect(deadLetters).toEqual([[body, code]]);
    expect(logged.filter(({ code: logCode }) => logCode === "MESSAGE_DEAD_LETTERED")).toMatchObject([
      { fields: { code, messageId: "bad" } },
    ]);
    expect(keys.state).toBe("CREATE_COMPLETE");
  });

  it("with a record that is not understood looks at the key it names, and puts the record aside", async () => {
    const { batch, keys, deadLetters } = setUp();
    const body = sample("delete-key-newer-major-version");
    expect(await handleBatch(batch, { Records: [record(body)] }, plenty)).toEqual(failed());
    expect(keys.state).toBe("CREATE_COMPLETE");
    expect(deadLetters).toEqual([[body, "EVENT_MALFORMED"]]);
  });

  it.each<[string, string, string]>([
    ["by an alias", sample("delete-key-alias-only").replace('"1.11"', '"2.0"'), "EVENT_MALFORMED"],
    ["in an event that no rule sends", sample("create-key"), "EVENT_UNEXPECTED"],
    ["in text that is cut off", sample("delete-key-sso").slice(0, -10), "EVENT_NOT_JSON"],
  ])("looks at a key before a message that names it %s goes to the dead-letter queue", async (_, body, code) => {
    const { batch, keys, deadLetters } = setUp();
    expect(await handleBatch(batch, { Records: [record(body)] }, plenty)).toEqual(failed());
    expect(keys.state).toBe("CREATE_COMPLETE");
    expect(deadLetters).toEqual([[body, code]]);
  });

  it("looks at a key whose ARN lacks the account, and puts nothing aside", async () => {
    const { batch, keys, deadLetters } = setUp();
    const Records = [record(sample("delete-key-arn-without-account"))];
    expect(await handleBatch(batch, { Records }, plenty)).toEqual(failed());
    expect(keys.state).toBe("CREATE_COMPLETE");
    expect(deadLetters).toEqual([]);
  });

  it("looks at a key that a service event names in an unknown form", async () => {
    const { batch, keys, deadLetters } = setUp();
    const body = sample("service-event-key-destroyed").replace('"keyArn": "arn:', '"KeyName": "key arn:');
    expect(await handleBatch(batch, { Records: [record(body)] }, plenty)).toEqual(failed());
    expect(keys.state).toBe("CREATE_COMPLETE");
    expect(deadLetters).toEqual([]);
  });

  it.each([
    ["delete-key-other-account", "WRONG_ACCOUNT"],
    ["delete-key-other-region", "WRONG_REGION"],
  ])("drops %s, and says so in the log", async (name, code) => {
    const { batch, keys, deadLetters, counted, logged } = setUp();
    expect(await handleBatch(batch, { Records: [record(sample(name))] }, plenty)).toEqual(failed());
    expect(logged).toMatchObject([{ code: "MESSAGE_REJECTED", fields: { code } }]);
    expect([deadLetters, counted, keys.calls]).toEqual([[], [], []]);
  });

  it("records a failed call as an attempt, and asks the control plane nothing", async () => {
    const { batch, keys, counted, attempts } = setUp();
    await handleBatch(batch, { Records: [record(sample("delete-key-access-denied"))] }, plenty);
    expect(attempts).toMatchObject([{ errorCode: "AccessDenied" }]);
    expect([counted, keys.calls]).toEqual([[], []]);
  });

  it("looks at the key that a service event names, and at none for one that names none", async () => {
    const { batch, keys } = setUp();
    await handleBatch(batch, { Records: [record(sample("service-event-without-key"))] }, plenty);
    expect(keys.calls).toEqual([]);
    await handleBatch(batch, { Records: [record(sample("service-event-key-destroyed"))] }, plenty);
    expect(keys.calls).toContain("GetKey");
  });
});

describe("a message that fails", () => {
  const down = {
    observe: async () =>
      await Promise.reject(
        new GuardError("CONTROL_PLANE_UNAVAILABLE", "retry", "throttled", { cause: new Error("slow down") }),
      ),
  };
  const failing = () => {
    const { keys, ...rest } = setUp();
    return { ...rest, batch: { ...rest.batch, guard: { ...rest.batch.guard, keys: { ...keys, ...down } } } };
  };

  it.each([
    [1, 5],
    [2, 15],
    [3, 45],
    [4, 135],
    [5, 405],
    [6, 900],
    [99, 900],
  ])("comes back after delivery %i in %i s", async (receives, seconds) => {
    const { batch, delayed, logged } = failing();
    const keyArn = "arn:aws:payment-cryptography:us-east-1:111122223333:key/kwapwa6qaifllw2h";
    const answer = await handleBatch(batch, { Records: [record(sample("delete-key-sso"), "m", receives)] }, plenty);
    expect(answer).toEqual(failed("m"));
    expect(delayed).toEqual([["receipt of m", seconds]]);
    expect(logged).toContainEqual({
      code: "MESSAGE_RETRIED",
      fields: {
        queue: "guard",
        messageId: "m",
        code: "CONTROL_PLANE_UNAVAILABLE",
        reason: `GetKey fails for \`${keyArn}\``,
        deliveries: receives,
        seconds,
      },
    });
    expect(logged).toContainEqual({
      code: "KEY_HIDDEN",
      fields: { keyArn, why: "unavailable", code: "CONTROL_PLANE_UNAVAILABLE", cause: "Error: slow down" },
    });
  });

  it("is put aside with its code after the last delivery", async () => {
    const { batch, delayed, deadLetters } = failing();
    const body = sample("delete-key-sso");
    expect(await handleBatch(batch, { Records: [record(body, "m", 100)] }, plenty)).toEqual(failed());
    expect([delayed, deadLetters]).toEqual([[], [[body, "CONTROL_PLANE_UNAVAILABLE"]]]);
  });

  it("by a fault nobody foresaw is retried under a code of its own", async () => {
    const { batch, logged } = setUp({
      newRunId: () => {
        throw new RangeError("no more names");
      },
    });
    expect(await handleBatch(batch, { Records: [record(sample("delete-key-sso"), "m")] }, plenty)).toEqual(failed("m"));
    expect(logged).toMatchObject([{ fields: { code: "UNEXPECTED", cause: "RangeError: no more names" } }]);
  });

  it("stays in the queue when the queue does not answer either", async () => {
    const broken = {
      retryAfter: async () => await Promise.reject(new Error("gone")),
      deadLetter: async () => await Promise.reject(new Error("gone")),
    };
    const { batch, logged } = setUp({}, broken);
    expect(await handleBatch(batch, { Records: [record("{", "m")] }, plenty)).toEqual(failed("m"));
    expect(logged).toMatchObject([{ code: "QUEUE_FAILED", fields: { messageId: "m", cause: "Error: gone" } }]);
  });

  it("for lack of time comes back at once, and the control plane is not called", async () => {
    const { batch, delayed, keys } = setUp();
    let left = 11_000;
    const context = {
      getRemainingTimeInMillis: () => {
        left -= 1_000;
        return left;
      },
    };
    const Records = [record(sample("delete-key-sso"), "first"), record(sample("delete-key-iam-user"), "second")];
    expect(await handleBatch(batch, { Records }, context)).toEqual(failed("second"));
    expect(delayed).toEqual([["receipt of second", 0]]);
    expect(keys.calls).toEqual(["GetKey", "RestoreKey"]);
  });

  it.each<[string, PaymentKeys["restore"], readonly string[]]>([
    ["may restore", async () => ({ kind: "refused", code: "ResourceNotFoundException" }), []],
    [
      "may not",
      async () => await Promise.reject(new GuardError("ACCESS_DENIED", "retry", "denied")),
      ["RESTORE_DENIED"],
    ],
  ])("with the sweep's request for a probe finds out whether its own role %s", async (_, restore, codes) => {
    const { batch, keys, logged, deadLetters } = setUp();
    const restored: string[] = [];
    const probing = async (arn: Parameters<typeof restore>[0]) => {
      restored.push(arn);
      return await restore(arn);
    };
    const body = {
      source: "reprieve",
      "detail-type": "probe",
      account: "111122223333",
      region: "us-east-1",
      detail: {},
    };
    const guard = { ...batch.guard, keys: { ...keys, restore: probing } };
    const Records = [record(JSON.stringify(body), "m")];
    expect(await handleBatch({ ...batch, guard }, { Records }, plenty)).toEqual(failed());
    expect(restored).toEqual(["arn:aws:payment-cryptography:us-east-1:111122223333:key/reprieveprobe000"]);
    expect([logged.map(({ code }) => code), deadLetters]).toEqual([codes, []]);
    const foreign = [record(JSON.stringify({ ...body, region: "eu-west-1" }), "m")];
    await handleBatch({ ...batch, guard }, { Records: foreign }, plenty);
    expect([restored.length, deadLetters.map(([, code]) => code)]).toEqual([1, ["EVENT_UNEXPECTED"]]);
  });
});
