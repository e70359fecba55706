import { type DynamoDBClient, ScanCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import type { KeptChain, TrailHeads } from "../../workflows/ports/archive.ts";
import { chainNameAt, keyOfChain, trailFilter } from "./chain-key.ts";
import { type Item, numberValue } from "./item.ts";
import { conditional, unlessDown } from "./store-call.ts";

/**
 * The heads of all chains in the table. Reads all of it, half a read unit for each 4 KB, once an hour: an index would only show what someone
 * keeps in it.
 */
export function createTrailHeads(client: DynamoDBClient, table: string): TrailHeads {
  return {
    all: async () => {
      const chains: KeptChain[] = [];
      let from: Item | undefined;
      do {
        const request = {
          TableName: table,
          ...trailFilter,
          ProjectionExpression: "pk, sk, #version, head, anchored",
          ExpressionAttributeNames: { "#version": "version" },
        };
        const page = await unlessDown(
          client.send(new ScanCommand({ ...request, ...(from && { ExclusiveStartKey: from }) })),
        );
        chains.push(...(page.Items ?? []).map(chainOf));
        from = page.LastEvaluatedKey;
      } while (from);
      return chains;
    },
    markAnchored: async (name, entries) => {
      await conditional(
        client.send(
          new UpdateItemCommand({
            TableName: table,
            Key: keyOfChain(name),
            UpdateExpression: "SET anchored = :entries",
            // What is gone must not come back as an empty item.
            ConditionExpression: "attribute_exists(pk)",
            ExpressionAttributeValues: { ":entries": numberValue(entries) },
          }),
        ),
      );
    },
  };
}

function chainOf(item: Item): KeptChain {
  const { version, head, anchored } = item;
  return {
    name: chainNameAt(item),
    entries: Number(version?.N ?? 0),
    // An item without one is damage, and is anchored as what it is.
    head: /^[0-9a-f]{64}$/.test(head?.S ?? "") ? (head?.S ?? "") : "0".repeat(64),
    anchored: Number(anchored?.N ?? 0),
  };
}
