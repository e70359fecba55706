import type { SQSClient } from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { createReportMissed, missedChangeIn, missedChangeMessage } from "../../lib/aws/events/missed-change.ts";
import type { MissedChange } from "../../lib/workflows/ports/change.ts";
import { keyArn, t0 } from "../doubles/key-world.ts";

const stack = { account: "111122223333", region: "us-east-1" };
const missed: MissedChange = { aspect: "resource-policy", subject: { kind: "key", keyArn: keyArn() }, at: t0 };

describe("the message of a missed change", () => {
  it("is sent to the queue of changes, and holds no state", async () => {
    const sent: { readonly input: { readonly MessageBody?: string } }[] = [];
    const client = { send: async (command: { input: object }) => sent.push(command) } as unknown as SQSClient;
    await createReportMissed(client, "https://sqs/changes", stack)(missed);
    expect(sent.map(({ input }) => input)).toEqual([
      { QueueUrl: "https://sqs/changes", MessageBody: missedChangeMessage(missed, stack) },
    ]);
    expect(JSON.parse(sent[0]?.input.MessageBody ?? "")).toEqual({
      ...{ source: "reprieve", "detail-type": "change-missed", ...stack },
      detail: { aspect: "resource-policy", subject: keyArn(), at: t0 },
    });
  });

  it("cannot be sent, with a code", async () => {
    const client = { send: async () => await Promise.reject(new Error("no queue")) } as unknown as SQSClient;
    await expect(createReportMissed(client, "https://sqs/changes", stack)(missed)).rejects.toMatchObject({
      code: "QUEUE_UNAVAILABLE",
    });
  });

  it.each<[string, MissedChange]>([
    ["a key", missed],
    ["an alias", { ...missed, aspect: "alias", subject: { kind: "alias", alias: "alias/prod/pin" } }],
    ["the account", { ...missed, subject: { kind: "account" } }],
  ])("reads as it was written: %s", (_, each) => {
    expect(missedChangeIn(JSON.parse(missedChangeMessage(each, stack)), stack)).toEqual(each);
  });

  it.each<[string, object, object?]>([
    ["of another account", { account: "444455556666" }],
    ["of another Region", { region: "eu-west-1" }],
    ["of another source", { source: "mallory" }],
    ["of another type", { "detail-type": "heartbeat" }],
    ["without a time", {}, { at: undefined }],
    ["with a time before 1970", {}, { at: -1 }],
    ["with an aspect of another form", {}, { aspect: "a#b" }],
    ["about what is no subject", {}, { subject: "alias/a b" }],
    ["about a key elsewhere", {}, { subject: keyArn().replace("111122223333", "444455556666") }],
    ["with more than names", {}, { state: "enabled" }],
  ])("is none %s", (_, members, detail) => {
    const message = JSON.parse(missedChangeMessage(missed, stack)) as { detail: object };
    expect(missedChangeIn({ ...message, ...members, detail: { ...message.detail, ...detail } }, stack)).toBeUndefined();
  });
});
