import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import type { KeyArn } from "../../domain/key/key-arn.ts";
import type { StoredCase } from "../../workflows/ports/guard.ts";
import { storedCase } from "./case-item.ts";
import { stringValue } from "./item.ts";
import { unlessDown } from "./store-call.ts";

/** Reads the newest case of a key, consistently, and no other item of it. Throws STORE_UNAVAILABLE, or CASE_UNREADABLE for one that cannot be trusted. */
export function createNewestCase(client: DynamoDBClient, table: string) {
  return async (keyArn: KeyArn): Promise<StoredCase | undefined> => {
    const request = {
      TableName: table,
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": stringValue(`case#${keyArn}`) },
      ConsistentRead: true,
      ScanIndexForward: false,
      Limit: 1,
    };
    const [item] = (await unlessDown(client.send(new QueryCommand(request)))).Items ?? [];
    return item && storedCase(item, keyArn);
  };
}
