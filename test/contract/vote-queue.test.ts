import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { createSendRequest } from "../../lib/aws/events/vote-queue.ts";
import { LocalQueue } from "../../local/aws/queue/local-queue.ts";
import { handleSqs } from "../../local/aws/queue/sqs-api.ts";
import { createVoteQueue } from "../doubles/vote-queue.ts";
import { type QueueUnderTest, voteQueueContract } from "./vote-queue.contract.ts";

const now = 1_716_839_394_000;

describe("the queue of requests: the double of the tests", () => {
  voteQueueContract(async () => {
    const { sendRequest, queue } = createVoteQueue(() => now);
    return {
      send: sendRequest,
      receive: async (max) =>
        queue
          .receive(max)
          .map(({ body, receiptHandle = "" }) => ({ body, done: async () => queue.delete(receiptHandle) })),
    };
  });
});

/** The fake SQS of the local world over HTTP, with the SDK's own client before it, which checks every MD5. */
async function startSqs(): Promise<QueueUnderTest> {
  const timers = { now: () => now, after: () => ({ cancel: () => {} }) };
  const queue = new LocalQueue({
    name: "votes.fifo",
    clock: timers,
    fifo: true,
    visibilityMs: 30_000,
    retentionMs: 1e9,
  });
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const action = String(request.headers["x-amz-target"]).split(".").at(-1) ?? "";
      const input = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
      const { status, body } = handleSqs([queue], ({ name }) => name, action, input);
      response.writeHead(status, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new SQSClient({
    ...{ endpoint, region: "us-east-1", maxAttempts: 1 },
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  const QueueUrl = `${endpoint}/111122223333/votes.fifo`;
  return {
    send: createSendRequest(client, QueueUrl),
    receive: async (MaxNumberOfMessages) => {
      const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages }));
      return Messages.map(({ Body = "", ReceiptHandle }) => ({
        body: Body,
        done: async () => void (await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))),
      }));
    },
    stop: async () => {
      client.destroy();
      await new Promise<unknown>((closed) => server.close(closed).closeAllConnections());
    },
  };
}

describe("the queue of requests: the SDK's client and a fake SQS", () => {
  voteQueueContract(startSqs);

  it("is unavailable, and says so by its code, when it cannot be reached", async () => {
    const { send, stop } = await startSqs();
    await stop?.();
    const request = {
      signed: { via: "slack", body: Buffer.from("x"), timestamp: "1", signature: "" },
      answered: "",
    } as const;
    await expect(send(request, { group: "g", requestId: "r" })).rejects.toMatchObject({ code: "QUEUE_UNAVAILABLE" });
  });
});
