import { type DynamoDBClient, QueryCommand, type QueryCommandInput, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { latestKeep } from "../../domain/case/keep.ts";
import type { KeyArn } from "../../domain/key/key-arn.ts";
import { caseNameFrom } from "../../domain/ledger/case-name.ts";
import type { CaseStatus, CaseStore, DueCase, KeyHistory, StoredCase } from "../../workflows/ports/guard.ts";
import { isOwnWrite, publishedInput, quarantineInput, saveInput, storedCase } from "./case-item.ts";
import { saveChain } from "./chain-item.ts";
import { type Item, numberValue, stringValue, type Update } from "./item.ts";
import { addedKeep, keepIn, keepInput, keepKey } from "./keep-item.ts";
import { storedPermit } from "./permit-item.ts";
import { createReadCase } from "./read-case.ts";
import { conditional, getItem, saveOnce, unlessDown } from "./store-call.ts";

/**
 * Cases in one DynamoDB table: `pk` = `case#<key ARN>`, `sk` = generation. Permits and the latest Keep of each key are items of
 * their own (`permit#`, `keep#`), so that a role can be limited to a kind of item by its leading key.
 */
export function createCaseStore(client: DynamoDBClient, table: string): CaseStore {
  const update = async (input: Update) =>
    await conditional(client.send(new UpdateItemCommand({ TableName: table, ...input })));
  return {
    history: async (keyArn) => await history(client, table, keyArn),
    read: createReadCase(client, table),
    permits: async (keyArn) =>
      (await pages(client, ofPartition(table, `permit#${keyArn}`))).flatMap((item) => storedPermit(item, keyArn) ?? []),
    savePermit: async (change) => await saveChain(client, table, change),
    save: async (change) => {
      const keep = addedKeep(change);
      // INVARIANT: before the case, so that no look ever misses a Keep that someone was answered is recorded.
      if (keep !== undefined) await update(keepInput(change.keyArn, keep));
      return await saveOnce(client, table, saveInput(change), (item) => isOwnWrite(item, change));
    },
    markPublished: async (name, count, closed) => {
      if (closed && (await update(publishedInput(name, count, true))) === "saved") return;
      await update(publishedInput(name, count, false));
    },
    due: async (now, limit) => {
      const found = statuses.map(async (status) => await due(client, table, status, now, limit));
      return (await Promise.all(found)).flat();
    },
    countOpen: async () => await countOpen(client, table),
    quarantine: async (keyArn) => {
      const [newest] = await newestCases(client, table, keyArn, 1);
      const { pk, sk } = newest ?? {};
      if (pk !== undefined && sk !== undefined) await update(quarantineInput({ pk, sk }));
    },
  };
}

const statuses: readonly CaseStatus[] = ["open", "following", "closed"];

/** Reads what lies under `pk`, newest first, as the last write left it. */
const ofPartition = (table: string, pk: string) => ({
  TableName: table,
  KeyConditionExpression: "pk = :pk",
  ExpressionAttributeValues: { ":pk": stringValue(pk) },
  ConsistentRead: true,
  ScanIndexForward: false,
});

/** Names of the cases of one status whose time has come, the longest due first. The index is eventually consistent. */
async function due(
  client: DynamoDBClient,
  table: string,
  status: CaseStatus,
  now: number,
  limit: number,
): Promise<readonly DueCase[]> {
  const request = {
    TableName: table,
    IndexName: "byStatus",
    KeyConditionExpression: "#status = :status AND dueAt <= :now",
    ExpressionAttributeNames: { "#status": "status" },
    ExpressionAttributeValues: { ":status": stringValue(status), ":now": numberValue(now) },
  };
  const items = await pages(client, request, limit);
  return items.flatMap(({ pk, sk }) => {
    const name = caseNameFrom(`${pk?.S?.replace(/^case#/, "")}#${sk?.N}`);
    return name === undefined ? [] : [{ name, status }];
  });
}

async function countOpen(client: DynamoDBClient, table: string): Promise<number> {
  const request: QueryCommandInput = {
    TableName: table,
    IndexName: "byStatus",
    Select: "COUNT",
    KeyConditionExpression: "#status = :open",
    ExpressionAttributeNames: { "#status": "status" },
    ExpressionAttributeValues: { ":open": stringValue("open") },
  };
  return (await unlessDown(client.send(new QueryCommand(request)))).Count ?? 0;
}

async function pages(client: DynamoDBClient, request: QueryCommandInput, limit = Number.POSITIVE_INFINITY) {
  const items: Item[] = [];
  let from: Item | undefined;
  do {
    const page = await unlessDown(
      client.send(new QueryCommand({ ...request, ...(from && { ExclusiveStartKey: from }) })),
    );
    items.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
  } while (from && items.length < limit);
  return items.slice(0, limit);
}

/** The `count` newest cases of a key, in one consistent read, however many there are. */
async function newestCases(client: DynamoDBClient, table: string, keyArn: KeyArn, count: number) {
  return await pages(client, { ...ofPartition(table, `case#${keyArn}`), Limit: count }, count);
}

/** INVARIANT: what is read does not grow with the number of generations. A Keep of an earlier one than these two lies in an item of its own. */
async function history(client: DynamoDBClient, table: string, keyArn: KeyArn): Promise<KeyHistory> {
  const items = await newestCases(client, table, keyArn, 2);
  const [first, second] = items;
  const isAll = items.length < 2 || second?.["sk"]?.N === "1";
  const kept = isAll ? undefined : await getItem(client, table, keepKey(keyArn));
  const previous = second && unlessUnreadable(second, keyArn);
  const keep = latestKeep([...items, kept ?? {}].map(keepIn));
  return {
    ...(first && { newest: storedCase(first, keyArn) }),
    ...(previous && { previous }),
    ...(keep && { keep }),
  };
}

/** Damage in a case that is over must not keep the guard from the one that is not. */
function unlessUnreadable(item: Item, keyArn: KeyArn): StoredCase | undefined {
  try {
    return storedCase(item, keyArn);
  } catch {
    return undefined;
  }
}
