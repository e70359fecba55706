import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { foldPause } from "../../domain/approval/pause.ts";
import { GuardError } from "../../domain/guard-error.ts";
import type { Chain } from "../../domain/ledger/chain.ts";
import type { PauseBook } from "../../workflows/ports/guard.ts";
import { saveChain, storedChain } from "./chain-item.ts";
import { type Item, number, text } from "./item.ts";
import { getItem, unlessDown } from "./store-call.ts";

const pk = "pause";

/** The pauses in the table of the cases: `pk` = `pause`, `sk` = their number. */
export function createPauseBook(client: DynamoDBClient, table: string): PauseBook {
  return {
    latest: async () => {
      const request = {
        TableName: table,
        KeyConditionExpression: "pk = :pk",
        ExpressionAttributeValues: { ":pk": text(pk) },
        ConsistentRead: true,
        ScanIndexForward: false,
        Limit: 1,
      };
      const [item] = (await unlessDown(client.send(new QueryCommand(request)))).Items ?? [];
      return item && pauseIn(item);
    },
    read: async (no) => {
      const item = await getItem(client, table, { pk: text(pk), sk: number(no) });
      return item && pauseIn(item);
    },
    save: async ({ no, ...added }) => await saveChain(client, table, { pk, sk: no, ...added }),
  };
}

function pauseIn(item: Item): Chain {
  const chain = storedChain(item);
  if (chain !== undefined && foldPause(chain)?.no === Number(item["sk"]?.N)) return chain;
  throw new GuardError("CASE_UNREADABLE", "dead-letter", `pause ${item["sk"]?.N ?? ""} is damaged`);
}
