import { type DynamoDBClient, QueryCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { foldChangePermit, maxPermitsRead } from "../../domain/approval/change-permit.ts";
import { nextPermitReminderAt } from "../../domain/approval/change-permit-reminder.ts";
import { GuardError } from "../../domain/guard-error.ts";
import type { Chain } from "../../domain/ledger/chain.ts";
import { chainNameFrom, changePermitChainName } from "../../domain/ledger/chain-name.ts";
import { type ChangePermitName, changePermitNameFrom } from "../../domain/ledger/change-permit-name.ts";
import type { ChangePermitBook, ChangeQuestions } from "../../workflows/ports/change.ts";
import type { ChainChange } from "../../workflows/ports/guard.ts";
import { type ChainWrite, saveChain, storedChain } from "./chain-item.ts";
import { chainNameAt, changePermitPartition, keyOfChain } from "./chain-key.ts";
import { type Item, numberValue, stringValue } from "./item.ts";
import { conditional, getItem, unlessDown } from "./store-call.ts";

/** The permits for changes in the table of the cases: `pk` = `change#<operation>#<subject>#permits`, `sk` = the hour of the change, or below 0. */
export function createChangePermitBook(client: DynamoDBClient, table: string): ChangePermitBook {
  return {
    list: async (series, sinceHour) => {
      const partition = changePermitPartition(series);
      const requested = await itemsOf(client, table, {
        partition,
        condition: "sk < :bound",
        bound: 0,
        most: maxPermitsRead,
      });
      const asked = Number.isSafeInteger(sinceHour + 1)
        ? await itemsOf(client, table, { partition, condition: "sk >= :bound", bound: Math.max(0, sinceHour) })
        : [];
      return [...requested, ...asked].flatMap((item) => permitIn(item) ?? []);
    },
    read: async (name) => await readPermit(client, table, name),
    save: async (change) => await saveChain(client, table, { ...change, ...scheduleOf(change) }),
  };
}

/** The questions about changes that are due, by the index of the cases that are. */
export function createChangeQuestions(client: DynamoDBClient, table: string): ChangeQuestions {
  return {
    due: async (now, limit) => {
      const request = {
        TableName: table,
        IndexName: "byStatus",
        KeyConditionExpression: "#status = :status AND dueAt <= :now",
        ExpressionAttributeNames: { "#status": "status" },
        ExpressionAttributeValues: { ":status": stringValue(asking), ":now": numberValue(now) },
        Limit: limit,
      };
      const { Items = [] } = await unlessDown(client.send(new QueryCommand(request)));
      return Items.flatMap((item) => changePermitNameFrom(chainNameAt(item)) ?? []);
    },
    read: async (name) => await readPermit(client, table, name),
    save: async (change) => await saveChain(client, table, change),
    schedule: async (name, dueAt) => {
      const request = {
        TableName: table,
        Key: keyOfChain(changePermitChainName(name)),
        UpdateExpression: dueAt === undefined ? "REMOVE #status, dueAt" : "SET dueAt = :dueAt",
        ConditionExpression: "#status = :status",
        ExpressionAttributeNames: { "#status": "status" },
        ExpressionAttributeValues: {
          ":status": stringValue(asking),
          ...(dueAt !== undefined && { ":dueAt": numberValue(dueAt) }),
        },
      };
      await conditional(client.send(new UpdateItemCommand(request)));
    },
  };
}

/** Status of a permit that people are asked for, in the index. */
const asking = "asking";

/**
 * The first write of a permit says when people are reminded of it, and the one that ends the question takes it out of the index. INVARIANT: others leave
 * that time as it is, so that a reminder that is on record and did not go out stays due.
 */
function scheduleOf({ chain, expectedLength }: ChainChange): Pick<ChainWrite, "schedule"> {
  const permit = foldChangePermit(chain);
  const dueAt = permit && nextPermitReminderAt(permit);
  if (dueAt === undefined) return { schedule: "remove" };
  return expectedLength === 0 ? { schedule: { status: asking, dueAt } } : {};
}

async function readPermit(client: DynamoDBClient, table: string, name: ChangePermitName): Promise<Chain | undefined> {
  const chainName = changePermitChainName(name);
  const item = await getItem(client, table, keyOfChain(chainName));
  const chain = item && permitIn(item);
  if (item !== undefined && chain?.name !== chainName)
    throw new GuardError("CASE_UNREADABLE", "dead-letter", `the permit \`${chainName}\` is damaged`);
  return chain;
}

interface Range {
  readonly partition: string;
  readonly condition: string;
  readonly bound: number;
  /** Items at most, those with the lowest sort keys: of permits that were requested beforehand, the newest. */
  readonly most?: number;
}

async function itemsOf(client: DynamoDBClient, table: string, range: Range): Promise<readonly Item[]> {
  const items: Item[] = [];
  let start: Item | undefined;
  do {
    const request = {
      TableName: table,
      KeyConditionExpression: `pk = :pk AND ${range.condition}`,
      ExpressionAttributeValues: { ":pk": stringValue(range.partition), ":bound": numberValue(range.bound) },
      ConsistentRead: true,
      ...(range.most !== undefined && { Limit: range.most - items.length }),
      ...(start && { ExclusiveStartKey: start }),
    };
    const page = await unlessDown(client.send(new QueryCommand(request)));
    items.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start !== undefined && items.length < (range.most ?? Number.POSITIVE_INFINITY));
  return items;
}

/** Returns the permit that an item holds; one that cannot be trusted permits nothing. */
function permitIn(item: Item): Chain | undefined {
  const name = chainNameFrom(chainNameAt(item));
  const chain = name && storedChain(item, name);
  return chain !== undefined && foldChangePermit(chain) !== undefined ? chain : undefined;
}
