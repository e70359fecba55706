import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { foldChangePermit, maxPermitsRead } from "../../domain/approval/change-permit.ts";
import { GuardError } from "../../domain/guard-error.ts";
import type { Chain } from "../../domain/ledger/chain.ts";
import { chainNameFrom, changePermitChainName } from "../../domain/ledger/chain-name.ts";
import type { ChangePermitBook } from "../../workflows/ports/change.ts";
import { saveChain, storedChain } from "./chain-item.ts";
import { chainNameAt, changePermitPartition, keyOfChain } from "./chain-key.ts";
import { type Item, numberValue, stringValue } from "./item.ts";
import { getItem, unlessDown } from "./store-call.ts";

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
    read: async (name) => {
      const chainName = changePermitChainName(name);
      const item = await getItem(client, table, keyOfChain(chainName));
      const chain = item && permitIn(item);
      if (item !== undefined && chain?.name !== chainName)
        throw new GuardError("CASE_UNREADABLE", "dead-letter", `the permit \`${chainName}\` is damaged`);
      return chain;
    },
    save: async (change) => await saveChain(client, table, change),
  };
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
