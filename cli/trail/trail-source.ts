import { DynamoDBClient, ScanCommand, type ScanCommandInput } from "@aws-sdk/client-dynamodb";
import { chainNameAt, trailFilter } from "../../lib/aws/dynamodb/chain-key.ts";
import { chainSubject } from "../../lib/domain/ledger/chain-name.ts";
import { type AwsPlace, clientSettings } from "../stack/aws-place.ts";
import type { StoredTrail } from "./stored-trail.ts";

/** Where cases lie. */
export interface TrailSource extends AwsPlace {
  readonly table: string;
}

/** Every case of the table, every pause and every permit asked for beforehand, whatever its state, as it was stored. Reads consistently; takes one read unit for each 4 KB. */
export async function* readTrails({ table, ...place }: TrailSource): AsyncIterable<StoredTrail> {
  const client = new DynamoDBClient(clientSettings(place));
  try {
    yield* pages(client, table);
  } finally {
    client.destroy();
  }
}

async function* pages(client: DynamoDBClient, table: string): AsyncIterable<StoredTrail> {
  let from: ScanCommandInput["ExclusiveStartKey"];
  do {
    const page = await client.send(
      new ScanCommand({
        TableName: table,
        ConsistentRead: true,
        ...trailFilter,
        ...(from && { ExclusiveStartKey: from }),
      }),
    );
    for (const item of page.Items ?? []) {
      const name = chainNameAt(item);
      const texts = (item["entries"]?.L ?? []).map(({ S = "" }) => S);
      if (chainSubject(name) !== undefined) yield { case: name, texts, head: item["head"]?.S ?? "" };
    }
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
}
