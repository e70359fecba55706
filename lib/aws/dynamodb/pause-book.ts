import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { foldPause } from "../../domain/approval/pause.ts";
import { GuardError } from "../../domain/guard-error.ts";
import type { Chain } from "../../domain/ledger/chain.ts";
import { pauseChainName } from "../../domain/ledger/chain-name.ts";
import type { PauseBook } from "../../workflows/ports/guard.ts";
import { saveChain, storedChain } from "./chain-item.ts";
import { keyOfChain } from "./chain-key.ts";
import { type Item, stringValue } from "./item.ts";
import { getItem, unlessDown } from "./store-call.ts";

/** The pauses in the table of the cases: `pk` = `pause`, `sk` = their number. */
export function createPauseBook(client: DynamoDBClient, table: string): PauseBook {
  return {
    latest: async () => {
      const request = {
        TableName: table,
        KeyConditionExpression: "pk = :pk",
        ExpressionAttributeValues: { ":pk": stringValue("pause") },
        ConsistentRead: true,
        ScanIndexForward: false,
        Limit: 1,
      };
      const [item] = (await unlessDown(client.send(new QueryCommand(request)))).Items ?? [];
      return item && pauseIn(item);
    },
    read: async (number) => {
      const item = await getItem(client, table, keyOfChain(pauseChainName(number)));
      return item && pauseIn(item);
    },
    save: async (change) => await saveChain(client, table, change),
  };
}

function pauseIn(item: Item): Chain {
  const number = Number(item["sk"]?.N);
  const chain = storedChain(item, pauseChainName(number));
  if (chain !== undefined && foldPause(chain)?.number === number) return chain;
  throw new GuardError("CASE_UNREADABLE", "dead-letter", `pause ${item["sk"]?.N ?? ""} is damaged`);
}
