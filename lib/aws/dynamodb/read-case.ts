import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { CaseStore } from "../../workflows/ports/guard.ts";
import { caseKey, storedCase } from "./case-item.ts";
import { getItem } from "./store-call.ts";

/** Reads cases by name, and nothing else. */
export function createReadCase(client: DynamoDBClient, table: string): CaseStore["read"] {
  return async ({ keyArn, generation }) => {
    const item = await getItem(client, table, caseKey(keyArn, generation));
    return item && storedCase(item, keyArn);
  };
}
