import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { ListKeysCommand, PaymentCryptographyClient } from "@aws-sdk/client-payment-cryptography";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clientSettings } from "../../../cli/stack/aws-place.ts";
import { auditBucketOf } from "../../../cli/trail/log-source.ts";

/** Never answers, or for S3 never ends its answer. */
const silent = createServer((request, response) => {
  if (request.method === "GET") response.writeHead(200, { "content-length": "10" }).write("half");
});
let endpoint = "";
beforeAll(async () => {
  await new Promise<void>((listening) => silent.listen(0, "127.0.0.1", listening));
  endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
});
afterAll(() => {
  silent.closeAllConnections();
  silent.close();
});

function settings() {
  const controller = new AbortController();
  const answers: true[] = [];
  const credentials = { accessKeyId: "a", secretAccessKey: "s" };
  const access = { account: "1", credentials, signal: controller.signal, alive: () => void answers.push(true) };
  return {
    access,
    controller,
    answers: () => answers.length,
    given: clientSettings({ region: "us-east-1", endpoint, access }),
  };
}
type Given = ReturnType<typeof clientSettings>;

const calls: readonly (readonly [string, (given: Given) => Promise<unknown>])[] = [
  ["CloudTrail", async (given) => await new CloudTrailClient(given).send(new LookupEventsCommand({}))],
  ["DynamoDB", async (given) => await new DynamoDBClient(given).send(new ScanCommand({ TableName: "t" }))],
  ["Payment Cryptography", async (given) => await new PaymentCryptographyClient(given).send(new ListKeysCommand({}))],
  ["SQS", async (given) => await new SQSClient(given).send(new GetQueueUrlCommand({ QueueName: "q" }))],
  ["STS", async (given) => await new STSClient(given).send(new GetCallerIdentityCommand({}))],
];

describe("the audit bucket of a place", () => {
  it("is that of the account that was checked, without another question", async () => {
    const { access } = settings();
    const checked = { ...access, account: "111122223333" };
    const bucket = await auditBucketOf({ stage: "prod", region: "us-east-1", access: checked });
    expect(bucket).toBe("reprieve-prod-audit-111122223333-us-east-1");
  });
});

describe("a call of a place that is given up", () => {
  it.each(calls)("of %s ends with it, and is not tried again", async (_, call) => {
    const { controller, given, answers } = settings();
    const arrived = new Promise<void>((came) => silent.once("request", () => came()));
    const answer = call(given);
    await arrived;
    controller.abort(new Error("given up"));
    await expect(answer).rejects.toThrow();
    await expect(call(given)).rejects.toThrow("given up");
    expect(answers()).toBe(0);
  });

  it("ends although its answer has begun", async () => {
    const { controller, given, answers } = settings();
    const { Body } = await new S3Client({ ...given, forcePathStyle: true }).send(
      new GetObjectCommand({ Bucket: "b", Key: "k" }),
    );
    const read = Body?.transformToByteArray();
    controller.abort(new Error("given up"));
    await expect(read).rejects.toThrow();
    expect(answers()).toBe(1);
  });
});
