import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { describe, expect, it } from "vitest";
import { createReceiptBook } from "../../lib/aws/dynamodb/receipt-book.ts";
import type { Receipt, ReceiptBook } from "../../lib/workflows/ports/votes.ts";
import { createMemoryReceiptBook } from "../doubles/memory-receipt-book.ts";
import { startDynalite } from "./dynalite.ts";

const requestId = "5e".repeat(32);
const receipt: Receipt = {
  ...{ requestId, verdict: "case.counted.kept", accepted: true, message: "Your vote is on record.", answered: "" },
  ...{ voter: { via: "slack", userId: "U0BOB" }, channel: "C0KEYS", unverified: "proof-aged" },
  ...{ sentAt: 1_716_839_394_000, judgedAt: 1_716_839_395_000 },
};

function receiptBookContract(start: () => Promise<{ readonly book: ReceiptBook; readonly stop: () => Promise<void> }>) {
  it("has no receipt of a request that was not judged", async () => {
    const { book, stop } = await start();
    expect(await book.read(requestId)).toBeUndefined();
    await stop();
  });

  it("keeps the first receipt of a request for good, and answers with it", async () => {
    const { book, stop } = await start();
    expect(await book.write(receipt)).toEqual(receipt);
    const other = { ...receipt, accepted: false, verdict: "case.refused.too-late", judgedAt: 1_716_839_999_000 };
    expect(await book.write(other)).toEqual(receipt);
    expect(await book.write(receipt)).toEqual(receipt);
    expect(await book.read(requestId)).toEqual(receipt);
    const { voter: _voter, channel: _channel, unverified: _unverified, ...bare } = receipt;
    const another = { ...bare, requestId: "0".repeat(64) };
    expect(await book.write(another)).toEqual(another);
    expect(await book.read(another.requestId)).toEqual(another);
    await stop();
  });

  it("gives one of many writers its receipt, and the others the same", async () => {
    const { book, stop } = await start();
    const written = await Promise.all(
      Array.from({ length: 10 }, async (_, n) => await book.write({ ...receipt, judgedAt: receipt.judgedAt + n })),
    );
    expect(new Set(written.map(({ judgedAt }) => judgedAt)).size).toBe(1);
    await stop();
  });
}

describe("receipts in memory", () => {
  receiptBookContract(async () => ({ book: createMemoryReceiptBook(), stop: async () => {} }));
});

describe("receipts on the embedded DynamoDB", () => {
  receiptBookContract(async () => {
    const { client, table, stop } = await startDynalite();
    return { book: createReceiptBook(client, table), stop };
  });

  it.each([
    "",
    "{",
    "{}",
    JSON.stringify({ ...receipt, requestId: "0".repeat(64) }),
    JSON.stringify({ ...receipt, more: 1 }),
  ])("that hold %j are refused with RECEIPT_UNREADABLE, and stay as they are", async (text) => {
    const { client, table, stop } = await startDynalite();
    const Item = { pk: { S: `receipt#${requestId}` }, sk: { N: "0" }, ...(text !== "" && { receipt: { S: text } }) };
    await client.send(new PutItemCommand({ TableName: table, Item }));
    const book = createReceiptBook(client, table);
    await expect(book.read(requestId)).rejects.toMatchObject({ code: "RECEIPT_UNREADABLE" });
    await expect(book.write(receipt)).rejects.toMatchObject({ code: "RECEIPT_UNREADABLE" });
    await stop();
  });
});
