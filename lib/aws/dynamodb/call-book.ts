import { type DynamoDBClient, QueryCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { chainNameFrom } from "../../domain/ledger/chain-name.ts";
import type { CallBook, CountedCalls } from "../../workflows/ports/stack.ts";
import { storedChain } from "./chain-item.ts";
import { chainNameAt, keyOfChain } from "./chain-key.ts";
import { type Item, numberValue, stringValue } from "./item.ts";
import { createStackBook } from "./stack-book.ts";
import { unlessDown } from "./store-call.ts";

/** The chains of failed calls in the table of the cases: `pk` = `calls#<hour>`, `sk` = the principal's number; `more` counts the calls without an entry. */
export function createCallBook(client: DynamoDBClient, table: string): CallBook {
  return {
    ...createStackBook(client, table),
    countMore: async (name) => {
      const update = { UpdateExpression: "ADD more :one", ExpressionAttributeValues: { ":one": numberValue(1) } };
      await unlessDown(client.send(new UpdateItemCommand({ TableName: table, Key: keyOfChain(name), ...update })));
    },
    counted: async (hour) => {
      const items: Item[] = [];
      let from: Item | undefined;
      do {
        const request = {
          TableName: table,
          KeyConditionExpression: "pk = :pk",
          FilterExpression: "attribute_exists(more)",
          ExpressionAttributeValues: { ":pk": stringValue(`calls#${hour}`) },
          ConsistentRead: true,
          ...(from && { ExclusiveStartKey: from }),
        };
        const page = await unlessDown(client.send(new QueryCommand(request)));
        items.push(...(page.Items ?? []));
        from = page.LastEvaluatedKey;
      } while (from);
      return items.flatMap(countedIn);
    },
  };
}

function countedIn(item: Item): readonly CountedCalls[] {
  const name = chainNameFrom(chainNameAt(item));
  const chain = name && storedChain(item, name);
  const more = Number(item["more"]?.N);
  return chain !== undefined && Number.isSafeInteger(more) ? [{ chain, more }] : [];
}
