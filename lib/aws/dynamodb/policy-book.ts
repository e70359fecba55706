import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { GuardError } from "../../domain/guard-error.ts";
import { policyChainName } from "../../domain/ledger/chain-name.ts";
import { policyIn } from "../../domain/stack/policy-record.ts";
import type { PolicyBook } from "../../workflows/ports/stack.ts";
import { saveChain, storedChain } from "./chain-item.ts";
import { stringValue } from "./item.ts";
import { unlessDown } from "./store-call.ts";

/** The chains of policies in the table of the cases: `pk` = `policy`, `sk` = their number. */
export function createPolicyBook(client: DynamoDBClient, table: string): PolicyBook {
  return {
    latest: async () => {
      const request = {
        TableName: table,
        KeyConditionExpression: "pk = :pk",
        ExpressionAttributeValues: { ":pk": stringValue("policy") },
        ConsistentRead: true,
        ScanIndexForward: false,
        Limit: 1,
      };
      const [item] = (await unlessDown(client.send(new QueryCommand(request)))).Items ?? [];
      if (item === undefined) return undefined;
      const number = Number(item["sk"]?.N);
      if (!Number.isSafeInteger(number + 1))
        throw new GuardError("CASE_UNREADABLE", "dead-letter", `no number follows the chain \`policy#${number}\``);
      const chain = storedChain(item, policyChainName(number));
      return { number, ...(chain !== undefined && policyIn(chain)?.number === number && { chain }) };
    },
    save: async (change) => await saveChain(client, table, change),
  };
}
