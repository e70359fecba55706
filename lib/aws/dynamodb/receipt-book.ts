import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GuardError } from "../../domain/guard-error.ts";
import type { Receipt, ReceiptBook } from "../../workflows/ports/votes.ts";
import { type Item, numberValue, stringValue } from "./item.ts";
import { parseReceipt } from "./receipt-text.ts";
import { getItem, saveOnce } from "./store-call.ts";

/** The receipts in the table of the cases: `pk` = `receipt#<request id>`, each one JSON text. */
export function createReceiptBook(client: DynamoDBClient, table: string): ReceiptBook {
  const read = async (requestId: string) => {
    const item = await getItem(client, table, keyOf(requestId));
    return item && receiptIn(item, requestId);
  };
  return {
    read,
    write: async (receipt) => {
      const { requestId } = receipt;
      const text = JSON.stringify(receipt);
      const update = {
        Key: keyOf(requestId),
        UpdateExpression: "SET receipt = :receipt",
        ConditionExpression: "attribute_not_exists(pk)",
        ExpressionAttributeValues: { ":receipt": stringValue(text) },
      };
      const isOwn = (item: Item) => item["receipt"]?.S === text;
      if ((await saveOnce(client, table, update, isOwn)) === "saved") return receipt;
      return (await read(requestId)) ?? receipt;
    },
  };
}

/** Reads receipts, and nothing else. */
export function createReadReceipt(client: DynamoDBClient, table: string): ReceiptBook["read"] {
  return createReceiptBook(client, table).read;
}

function keyOf(requestId: string): Item {
  return { pk: stringValue(`receipt#${requestId}`), sk: numberValue(0) };
}

function receiptIn(item: Item, requestId: string): Receipt {
  const receipt = parseReceipt(item["receipt"]?.S ?? "");
  if (receipt?.requestId === requestId) return receipt;
  throw new GuardError("RECEIPT_UNREADABLE", "dead-letter", `the receipt of request ${requestId} is not readable`);
}
