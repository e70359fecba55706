import { type DynamoDBClient, GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { GuardError } from "../../domain/guard-error.ts";
import type { Item, Update } from "./item.ts";

/** Whether a conditional write took place. Throws STORE_UNAVAILABLE. */
export async function conditional(write: Promise<unknown>): Promise<"saved" | "refused"> {
  try {
    await write;
    return "saved";
  } catch (error) {
    if (error instanceof Error && error.name === "ConditionalCheckFailedException") return "refused";
    throw storeUnavailable(error);
  }
}

/**
 * Sends a conditional write, which takes effect once however often it is sent. The SDK repeats a write whose answer was lost, and the
 * condition then refuses the copy. So a refused write reads the item, and is saved if `isOwn` finds there what this write leaves.
 */
export async function saveOnce(
  client: DynamoDBClient,
  table: string,
  update: Update,
  isOwn: (item: Item) => boolean,
): Promise<"saved" | "conflict"> {
  if ((await conditional(client.send(new UpdateItemCommand({ TableName: table, ...update })))) === "saved")
    return "saved";
  const item = await getItem(client, table, update.Key ?? {});
  return item !== undefined && isOwn(item) ? "saved" : "conflict";
}

/** `answer`, or STORE_UNAVAILABLE. */
export async function unlessDown<Value>(answer: Promise<Value>): Promise<Value> {
  return await answer.catch((error: unknown) => {
    throw storeUnavailable(error);
  });
}

/** One item, as the last write left it. */
export async function getItem(client: DynamoDBClient, table: string, key: Item): Promise<Item | undefined> {
  const answer = await unlessDown(
    client.send(new GetItemCommand({ TableName: table, Key: key, ConsistentRead: true })),
  );
  return answer.Item;
}

function storeUnavailable(error: unknown): GuardError {
  return new GuardError("STORE_UNAVAILABLE", "retry", "the case store cannot be reached", { cause: error });
}
