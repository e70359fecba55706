import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { callPathFrom } from "../../lib/aws/cloudtrail/call-path.ts";
import { parseQueueMessage } from "../../lib/aws/cloudtrail/event.ts";

const stack = { account: "111122223333", region: "us-east-1" };
const keyArn = "arn:aws:payment-cryptography:us-east-1:111122223333:key/kwapwa6qaifllw2h";
const sample = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../events/${name}.json`, import.meta.url), "utf8")) as {
    detail: Record<string, unknown> & { userIdentity: Record<string, unknown> };
  };

describe("how a call came about", () => {
  it.each<[string, unknown, object]>([
    ["by a service", { invokedBy: "cloudformation.amazonaws.com" }, { invokedBy: "cloudformation.amazonaws.com" }],
    ["with root credentials", { sessionContext: { assumedRoot: "true" } }, { assumedRoot: true }],
    ["with root credentials, as a flag", { sessionContext: { assumedRoot: true } }, { assumedRoot: true }],
    ["without them", { sessionContext: { assumedRoot: "false" } }, {}],
    ["by a delegate", { invokedByDelegate: { accountId: "444455556666" } }, { invokedByDelegate: "444455556666" }],
    ["by a delegate without an account", { invokedByDelegate: { accountId: "x" } }, {}],
    ["in a form that nobody knows", { invokedBy: 1, invokedByDelegate: "x", sessionContext: [] }, {}],
    [
      "with one unknown form among others",
      { invokedBy: {}, sessionContext: { assumedRoot: "true" } },
      { assumedRoot: true },
    ],
    ["in nothing", undefined, {}],
    ["in text", "root", {}],
  ])("is read: %s", (_, identity, path) => {
    expect(callPathFrom(identity)).toEqual(path);
  });

  it("is kept with a deletion and with a failed call, and changes nothing of who called", () => {
    const path = {
      ...{ invokedBy: "cloudformation.amazonaws.com", invokedByDelegate: { accountId: "444455556666" } },
    };
    const kept = { invokedBy: "cloudformation.amazonaws.com", invokedByDelegate: "444455556666" };
    for (const name of ["delete-key-sso", "delete-key-access-denied"]) {
      const event = sample(name);
      const plain = parseQueueMessage(JSON.stringify(event), stack) as unknown as Record<string, object>;
      Object.assign(event.detail.userIdentity, path);
      const read = parseQueueMessage(JSON.stringify(event), stack) as unknown as Record<string, object>;
      const member = name === "delete-key-sso" ? "request" : "attempt";
      expect(read[member]).toEqual({ ...plain[member], ...kept });
    }
  });

  it("is cut where it is longer than any name of a service", () => {
    expect(callPathFrom({ invokedBy: "x".repeat(5000) }).invokedBy?.length).toBeLessThanOrEqual(256);
  });
});

describe("a service event of a multi-party approval, as AWS publishes it", () => {
  const published = (changes: object = {}) => ({
    ...{ version: "0", id: "6a7e8feb-b491-4cf7-a9f1-000000000014", source: "aws.payment-cryptography" },
    "detail-type": "AWS Service Event via CloudTrail",
    detail: {
      ...{ eventVersion: "1.11", eventTime: "2026-11-28T15:00:00Z", eventName: "ImportKey", awsRegion: "us-east-1" },
      ...{ eventSource: "payment-cryptography.amazonaws.com", eventType: "AwsServiceEvent" },
      ...{ userIdentity: { accountId: "111122223333", invokedBy: "payment-cryptography.amazonaws.com" } },
      ...{ requestParameters: null, responseElements: null, recipientAccountId: "111122223333" },
      serviceEventDetails: {
        ...{ keyArn, operation: "ImportKey", sessionStatus: "APPROVED" },
        mpaSessionArn: "arn:aws:mpa:us-east-1:111122223333:session/custodians/44c76e07-8937-4d7d-bb9a-a646322e2a1e",
      },
      ...changes,
    },
  });
  const read = (changes: object = {}) => parseQueueMessage(JSON.stringify(published(changes)), stack);

  it("without an eventID makes the guard look at the key", () => {
    expect(read()).toEqual({ kind: "service-event", eventName: "ImportKey", keyArn });
  });

  it("with an eventID that is no GUID is read as without one", () => {
    expect(read({ eventID: "1" })).toEqual(read());
  });

  it("about a key of another Region is no fault: there is nothing to look at", () => {
    const elsewhere = { keyArn: keyArn.replace("us-east-1", "us-west-2"), operation: "ImportKey" };
    expect(read({ serviceEventDetails: elsewhere })).toEqual({ kind: "service-event", eventName: "ImportKey" });
  });

  it("of another account, or delivered for another Region, is refused", () => {
    const foreign = { keyArn: keyArn.replace("111122223333", "444455556666") };
    expect(read({ serviceEventDetails: foreign })).toMatchObject({ kind: "refused", code: "WRONG_ACCOUNT" });
    const west = { keyArn: keyArn.replace("us-east-1", "us-west-2") };
    expect(read({ awsRegion: "us-west-2", serviceEventDetails: west })).toMatchObject({ code: "WRONG_REGION" });
  });
});
