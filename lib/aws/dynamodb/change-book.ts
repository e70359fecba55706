import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { foldChange } from "../../domain/change/change-state.ts";
import { GuardError } from "../../domain/guard-error.ts";
import { changeChainName } from "../../domain/ledger/chain-name.ts";
import type { ChangeBook } from "../../workflows/ports/change.ts";
import { saveChain, storedChain } from "./chain-item.ts";
import { keyOfChain } from "./chain-key.ts";
import { stringValue } from "./item.ts";
import { getItem, unlessDown } from "./store-call.ts";

/** The chains of changes in the table of the cases: `pk` = `change#<operation>#<subject>`, `sk` = the hour. */
export function createChangeBook(client: DynamoDBClient, table: string): ChangeBook {
  return {
    read: async (name) => {
      const chainName = changeChainName(name);
      const item = await getItem(client, table, keyOfChain(chainName));
      const chain = item && storedChain(item, chainName);
      if (item !== undefined && (chain === undefined || foldChange(chain) === undefined))
        throw new GuardError("CASE_UNREADABLE", "dead-letter", `the chain \`${chainName}\` is damaged`);
      return chain;
    },
    latestHour: async (series) => {
      const { pk } = keyOfChain(changeChainName({ ...series, hour: 0 }));
      const request = {
        TableName: table,
        KeyConditionExpression: "pk = :pk",
        ExpressionAttributeValues: { ":pk": pk ?? stringValue("") },
        ProjectionExpression: "sk",
        ConsistentRead: true,
        ScanIndexForward: false,
        Limit: 1,
      };
      const [item] = (await unlessDown(client.send(new QueryCommand(request)))).Items ?? [];
      return item && Number(item["sk"]?.N);
    },
    save: async (change) => await saveChain(client, table, change),
  };
}
