import { describe, expect, it } from "vitest";
import { handleBatch, type RemediationBatch } from "../../functions/remediation/batch.ts";
import { parseRemediationMessage } from "../../functions/remediation/parse-message.ts";
import { metricFor } from "../../functions/shared/log-table.ts";
import { missedChangeMessage } from "../../lib/aws/events/missed-change.ts";
import type { LogCode } from "../../lib/workflows/ports/log-code.ts";
import type { TamperDeps } from "../../lib/workflows/remediate/undo-tamper.ts";
import { apiCallRecord } from "../../local/aws/api-call-record.ts";
import { here, mallory, remediator } from "../../local/world/people.ts";
import { createChangeWorld } from "../doubles/change-world.ts";
import { keyArn, t0 } from "../doubles/key-world.ts";
import { createLockedOutWorld, createMemoryClaims, denyOf } from "../doubles/remediation.ts";
import { sqsRecord } from "../doubles/sqs.ts";

const ruleName = "reprieve-dev-delete-key";
const tamper = (call: object = {}) =>
  JSON.stringify(
    apiCallRecord(here, t0, {
      ...{ eventSource: "events.amazonaws.com", eventName: "DisableRule", requestParameters: { name: ruleName } },
      ...{ userIdentity: mallory.userIdentity, ...call },
    }),
  );
const own = (type: string, detail: object, place: object = here) =>
  JSON.stringify({ source: "reprieve", "detail-type": type, ...place, detail });
const denial = {
  case: { keyArn: keyArn(), generation: 2 },
  entry: { seq: 4, kind: "effect-failed", code: "ACCESS_DENIED" },
};

describe("a message of the remediation queue", () => {
  it.each(["effect-failed", "look-denied"])("is a denied call, by case and number: %s", (type) => {
    expect(parseRemediationMessage(own(type, denial), here)).toEqual({
      kind: "denial",
      denial: { name: { keyArn: keyArn(), generation: 2 }, seq: 4 },
    });
  });

  it("is a call that disabled a rule, with the role of its caller", () => {
    expect(parseRemediationMessage(tamper(), here)).toMatchObject({
      kind: "tamper",
      call: { did: { kind: "rule-disabled", ruleName } },
    });
    expect(parseRemediationMessage(tamper({ userIdentity: remediator.userIdentity }), here)).toMatchObject({
      call: { callerRole: "arn:aws:iam::111122223333:role/reprieve-dev-remediation-us-east-1" },
    });
  });

  it.each<[string, object, string]>([
    ["disables it", { state: "DISABLED" }, "rule-disabled"],
    ["disables it by another pattern", { state: "DISABLED", eventPattern: "{}" }, "rule-disabled"],
    ["leaves it enabled", { state: "ENABLED" }, "other"],
    ["states nothing", {}, "other"],
    ["states no text", { state: ["DISABLED"] }, "other"],
  ])("is a PutRule that %s", (_, over, kind) => {
    const call = { eventName: "PutRule", requestParameters: { name: ruleName, ...over } };
    expect(parseRemediationMessage(tamper(call), here)).toMatchObject({ call: { did: { kind } } });
  });

  it.each(["ScheduleKeyDeletion", "DisableKey"])("is a call that ends a KMS key: %s", (eventName) => {
    const call = {
      eventSource: "kms.amazonaws.com",
      eventName,
      requestParameters: { keyId: "a" },
      resources: [{ ARN: "b" }, {}],
    };
    expect(parseRemediationMessage(tamper(call), here)).toMatchObject({
      call: { did: { kind: "kms-key-ended", keyIds: ["a", "b"] } },
    });
  });

  it.each<[string, object]>([
    ["another call", { eventName: "DeleteRule" }],
    ["the same call of another service", { eventSource: "kms.amazonaws.com" }],
    ["a call without its parameters", { requestParameters: null }],
    ["a call whose parameters are of another form", { requestParameters: { name: { a: 1 } } }],
  ])("is nothing to undo: %s", (_, call) => {
    expect(parseRemediationMessage(tamper(call), here)).toMatchObject({ call: { did: { kind: "other" } } });
  });

  it.each<[string, string]>([
    ["EVENT_NOT_JSON", "{"],
    ["EVENT_UNEXPECTED", "[]"],
    ["EVENT_UNEXPECTED", own("key-usable", denial)],
    ["EVENT_UNEXPECTED", own("effect-failed", denial, { account: "444455556666", region: "us-east-1" })],
    ["EVENT_UNEXPECTED", own("effect-failed", { ...denial, entry: { seq: 0 } })],
    ["EVENT_UNEXPECTED", tamper({ errorCode: "AccessDenied" })],
    ["EVENT_UNEXPECTED", tamper({ recipientAccountId: "444455556666" })],
    ["EVENT_UNEXPECTED", tamper({ awsRegion: "eu-west-1" })],
    ["EVENT_UNEXPECTED", tamper().replace('"aws.events"', '"mallory.events"')],
  ])("is put aside as %s: %#", (code, body) => {
    expect(() => parseRemediationMessage(body, here)).toThrow(
      expect.objectContaining({ code, disposition: "dead-letter" }),
    );
  });
});

describe("a batch", () => {
  function createBatch() {
    const world = createLockedOutWorld({ statements: [denyOf("RestoreKey")] });
    const logged: [LogCode, Readonly<Record<string, unknown>>][] = [];
    const log: RemediationBatch["log"] = (code, fields) => logged.push([code, fields]);
    const changes = createChangeWorld();
    const put: string[] = [];
    const enabled: string[] = [];
    const tamperDeps: TamperDeps = {
      ruleArns: [`arn:aws:events:us-east-1:111122223333:rule/${ruleName}`],
      rules: {
        state: async () => (enabled.length === 0 ? "disabled" : "enabled"),
        enable: async (arn) => {
          enabled.push(arn);
        },
      },
      stackKey: { arn: "k", state: async () => "enabled", cancelDeletion: async () => {}, enable: async () => {} },
      ...{ claims: createMemoryClaims(), ownRole: "r", clock: () => t0, log },
    };
    const batch: RemediationBatch = {
      queue: {
        retryAfter: async (_, seconds) => {
          put.push(`retry ${seconds}`);
        },
        deadLetter: async (_, code) => {
          put.push(code);
        },
      },
      ...{ stack: here, maxReceives: 100, log, lockOuts: { ...world.deps, log }, tamper: tamperDeps },
      ...{ changes: changes.deps, changeQueueName: "changes" },
      changeQueue: {
        retryAfter: async (_, seconds) => {
          put.push(`retry change ${seconds}`);
        },
        deadLetter: async (_, code) => {
          put.push(`change ${code}`);
        },
      },
    };
    const handle = async (body: string, deliveries = 1, timeLeft = 60_000) =>
      await handleBatch(
        batch,
        { Records: [sqsRecord(body, "m", deliveries)] },
        { getRemainingTimeInMillis: () => timeLeft },
      );
    return {
      handle,
      put,
      enabled,
      changes,
      metrics: () => logged.flatMap(([code, fields]) => metricFor(code, fields) ?? []),
    };
  }

  it("undoes what it can, and counts it for an alarm", async () => {
    const { handle, enabled, metrics } = createBatch();
    expect(await handle(tamper())).toEqual({ batchItemFailures: [] });
    expect(enabled).toHaveLength(1);
    expect(metrics()).toEqual(["RemediationsMade"]);
  });

  it("records what the inventory saw and no event told", async () => {
    const { handle, changes } = createBatch();
    const key = { kind: "key", keyArn: keyArn() } as const;
    await changes.known.note("usage", key, "enabled", t0 - 3_600_000);
    changes.plane.stop();
    const missed = { aspect: "usage", subject: key, at: t0 };
    expect(await handle(missedChangeMessage(missed, here))).toEqual({ batchItemFailures: [] });
    expect(changes.entries()[0]).toMatchObject({ kind: "change-detected", operation: "stop", source: "inventory" });
  });

  it("puts aside a request for a case that there is not", async () => {
    const { handle, put } = createBatch();
    expect(await handle(own("look-denied", denial))).toEqual({ batchItemFailures: [] });
    expect(put).toEqual(["CASE_UNKNOWN"]);
  });

  it("gives back what it has no time for, and counts the third time", async () => {
    const { handle, put, metrics } = createBatch();
    expect(await handle(tamper(), 3, 14_000)).toEqual({ batchItemFailures: [{ itemIdentifier: "m" }] });
    expect(put).toEqual(["retry 0"]);
    expect(metrics()).toEqual(["RemediationMessagesRetried"]);
  });
});
