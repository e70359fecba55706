import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GuardError } from "../../domain/guard-error.ts";
import type { StackBook } from "../../workflows/ports/stack.ts";
import { saveChain, storedChain } from "./chain-item.ts";
import { keyOfChain } from "./chain-key.ts";
import { getItem } from "./store-call.ts";

/** The chains of the stack in the table of the cases, each where its name says: `pk` = all before the last `#`, `sk` = the number after it. */
export function createStackBook(client: DynamoDBClient, table: string): StackBook {
  return {
    read: async (name) => {
      const item = await getItem(client, table, keyOfChain(name));
      const chain = item && storedChain(item, name);
      if (item !== undefined && chain === undefined)
        throw new GuardError("CASE_UNREADABLE", "dead-letter", `the chain \`${name}\` is damaged`);
      return chain;
    },
    save: async (change) => await saveChain(client, table, change),
  };
}
