import { type DynamoDBClient, ScanCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import type { KeptChain, TrailHeads } from "../workflows/archive-ports.ts";
import { type Item, number, text } from "./item.ts";
import { conditional, unlessDown } from "./store-call.ts";

/**
 * The heads of all chains in the table. Reads all of it, half a read unit for each 4 KB, once an hour: an index would only show what somebody
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
          FilterExpression: "begins_with(pk, :cases) OR pk = :pause",
          ProjectionExpression: "pk, sk, #version, head, anchored",
          ExpressionAttributeNames: { "#version": "version" },
          ExpressionAttributeValues: { ":cases": text("case#"), ":pause": text("pause") },
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
      const split = name.lastIndexOf("#");
      const [of, no] = [name.slice(0, split), name.slice(split + 1)];
      const pk = of === "pause" ? of : `case#${of}`;
      await conditional(
        client.send(
          new UpdateItemCommand({
            TableName: table,
            Key: { pk: text(pk), sk: { N: no } },
            UpdateExpression: "SET anchored = :entries",
            // What is gone must not come back as an empty item.
            ConditionExpression: "attribute_exists(pk)",
            ExpressionAttributeValues: { ":entries": number(entries) },
          }),
        ),
      );
    },
  };
}

function chainOf({ pk, sk, version, head, anchored }: Item): KeptChain {
  return {
    name: `${(pk?.S ?? "").replace(/^case#/, "")}#${sk?.N ?? ""}`,
    entries: Number(version?.N ?? 0),
    // An item without one is damage, and is anchored as what it is.
    head: /^[0-9a-f]{64}$/.test(head?.S ?? "") ? (head?.S ?? "") : "0".repeat(64),
    anchored: Number(anchored?.N ?? 0),
  };
}
