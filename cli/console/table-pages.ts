import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { clientSettings } from "../stack/aws-place.ts";
import { readTablePage, type TableCursor, type TablePage, type TrailSource } from "../trail/trail-source.ts";

/** Reads a table page by page, a request each. */
export interface TablePages {
  /** Throws what AWS answers. */
  read(from?: TableCursor): Promise<TablePage>;
  close(): void;
}

/** Returns the pages of a table. One client for all of them: credentials are looked up once. A call is made once: the console's own pace is its retry. */
export function createTablePages({ table, ...place }: TrailSource): TablePages {
  const client = new DynamoDBClient({ ...clientSettings(place), maxAttempts: 1 });
  return {
    read: async (from) => await readTablePage(client, table, from),
    close: () => client.destroy(),
  };
}
