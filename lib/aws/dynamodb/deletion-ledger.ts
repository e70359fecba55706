import { type DynamoDBClient, QueryCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import * as v from "valibot";
import { type CountedDeletion, hourOf } from "../../domain/deletion/repeated-deletions.ts";
import { GuardError } from "../../domain/guard-error.ts";
import type { DeletionLedger } from "../../workflows/ports/notices.ts";
import { keyArnSchema } from "../events/own-event.ts";
import { type Item, numberValue, stringValue, type Update } from "./item.ts";
import { conditional, unlessDown } from "./store-call.ts";

/** More deletions of one principal and hour say nothing new; an item holds 400 KB. */
const maxKept = 100;

const deletionSchema: v.GenericSchema<unknown, CountedDeletion> = v.strictObject({
  eventId: v.string(),
  at: v.number(),
  keyArn: keyArnSchema,
});

/** Deletions by principal and hour in the table of the cases: `pk` = `deletions#<principal>`, `sk` = the hour's number. */
export function createDeletionLedger(client: DynamoDBClient, table: string): DeletionLedger {
  const update = async (input: Update) =>
    await conditional(client.send(new UpdateItemCommand({ TableName: table, ...input })));
  return {
    count: async (principal, deletion) => {
      await update(countInput(principal, deletion));
      const items = await around(client, table, principal, hourOf(deletion.at));
      return {
        deletions: items.flatMap((item) => (item["deletions"]?.SS ?? []).map(deletionIn)),
        alarms: items.flatMap((item) => (item["alarmAt"]?.N === undefined ? [] : [Number(item["alarmAt"].N)])),
      };
    },
    markAlarm: async (principal, at) => {
      await update({
        Key: keyOf(principal, hourOf(at)),
        UpdateExpression: "SET alarmAt = :at",
        ConditionExpression: "attribute_not_exists(alarmAt)",
        ExpressionAttributeValues: { ":at": numberValue(at) },
      });
    },
  };
}

const keyOf = (principal: string, hour: number): Item => ({
  pk: stringValue(`deletions#${principal}`),
  sk: numberValue(hour),
});

/** A set: the very same deletion, told again, is in it already. */
function countInput(principal: string, { eventId, at, keyArn }: CountedDeletion): Update {
  return {
    Key: keyOf(principal, hourOf(at)),
    UpdateExpression: "ADD deletions :one",
    ConditionExpression: "attribute_not_exists(deletions) OR size(deletions) < :max",
    ExpressionAttributeValues: {
      ":one": { SS: [JSON.stringify({ eventId, at, keyArn })] },
      ":max": numberValue(maxKept),
    },
  };
}

/** The hour with its neighbours: an hour that people mean begins at any minute, and records come in any order. */
async function around(client: DynamoDBClient, table: string, principal: string, hour: number): Promise<Item[]> {
  const answer = await unlessDown(
    client.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: "pk = :pk AND sk BETWEEN :before AND :after",
        ExpressionAttributeValues: {
          ":pk": stringValue(`deletions#${principal}`),
          ":before": numberValue(hour - 1),
          ":after": numberValue(hour + 1),
        },
        ConsistentRead: true,
      }),
    ),
  );
  return answer.Items ?? [];
}

function deletionIn(json: string): CountedDeletion {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), deletionSchema), json);
  if (parsed.success) return parsed.output;
  throw new GuardError("NOTICE_UNREADABLE", "dead-letter", "a counted deletion is not readable");
}
