import { type DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { chainSubject } from "../../domain/ledger/chain-name.ts";
import type { FoundChain } from "../../domain/log/compare-chain.ts";
import type { TrailTable } from "../../workflows/ports/log-store.ts";
import { chainNameAt, keyOfChain, trailFilter } from "./chain-key.ts";
import type { Item } from "./item.ts";
import { getItem, unlessDown } from "./store-call.ts";

/**
 * The chains in the table, by their entries alone: what else an item says of itself is not believed. Reads all of it, half a read unit for each
 * 4 KB, once an hour: an index would only show what someone keeps in it.
 */
export function createTrailTable(client: DynamoDBClient, table: string): TrailTable {
  return {
    all: async function* () {
      let from: Item | undefined;
      do {
        const request = { TableName: table, ...trailFilter, ProjectionExpression: "pk, sk, entries" };
        const page = await unlessDown(
          client.send(new ScanCommand({ ...request, ...(from && { ExclusiveStartKey: from }) })),
        );
        for (const item of page.Items ?? []) yield { name: chainNameAt(item), texts: textsIn(item) };
        from = page.LastEvaluatedKey;
      } while (from);
    },
    read: async (name): Promise<FoundChain> => {
      const item = await getItem(client, table, keyOfChain(name)).catch((error: unknown) => {
        // Names in the log are as strange as someone made them: where one is no key of the table, there is no item.
        if (chainSubject(name) === undefined && isNoKey(error)) return undefined;
        throw error;
      });
      return { name, texts: item === undefined ? [] : textsIn(item) };
    },
  };
}

function isNoKey(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof Error && error.cause.name === "ValidationException";
}

/** The texts of the entries; what is not a text is damage, and stands as an empty one. */
function textsIn(item: Item): readonly string[] {
  return (item["entries"]?.L ?? []).map(({ S = "" }) => S);
}
