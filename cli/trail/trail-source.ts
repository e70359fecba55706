import { DynamoDBClient, ScanCommand, type ScanCommandInput } from "@aws-sdk/client-dynamodb";
import { chainNameAt, trailFilter } from "../../lib/aws/dynamodb/chain-key.ts";
import type { Item } from "../../lib/aws/dynamodb/item.ts";
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

/** Where a reading of a table goes on. */
export type TableCursor = NonNullable<ScanCommandInput["ExclusiveStartKey"]>;

/** Chains that one request read, and where to go on; without `next` the table is read to its end. */
export interface TablePage {
  readonly trails: readonly StoredTrail[];
  readonly next?: TableCursor;
}

/** Reads up to 1 MB of a table, in one request. Throws what AWS answers. */
export async function readTablePage(
  client: Pick<DynamoDBClient, "send">,
  TableName: string,
  from?: TableCursor,
): Promise<TablePage> {
  const start = from && { ExclusiveStartKey: from };
  const { Items = [], LastEvaluatedKey } = await client.send(
    new ScanCommand({ TableName, ConsistentRead: true, ...trailFilter, ...start }),
  );
  return { trails: Items.flatMap(trailIn), ...(LastEvaluatedKey && { next: LastEvaluatedKey }) };
}

function trailIn(item: Item): readonly StoredTrail[] {
  const name = chainNameAt(item);
  const texts = (item["entries"]?.L ?? []).map(({ S = "" }) => S);
  return chainSubject(name) === undefined ? [] : [{ case: name, texts, head: item["head"]?.S ?? "" }];
}

async function* pages(client: DynamoDBClient, table: string): AsyncIterable<StoredTrail> {
  for (let page = await readTablePage(client, table); ; page = await readTablePage(client, table, page.next)) {
    yield* page.trails;
    if (page.next === undefined) return;
  }
}
