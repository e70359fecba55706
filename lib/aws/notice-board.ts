import { type DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { GuardError } from "../domain/guard-error.ts";
import type { BurstRecord, NoticeBoard, NoticeRecord } from "../workflows/notice-ports.ts";
import { type Item, number, text, type Update } from "./item.ts";
import { burstIn, burstKey, noticeIn, noticeKey } from "./notice-item.ts";
import { conditional, getItem } from "./store-call.ts";

/**
 * What was told, in the table of the cases: `pk` = `notice#<subject>`, `sk` = its number, and `burst#channel` for the summary. Each
 * is one JSON text and a claim, so that a role can be limited to them by leading key.
 */
export function createNoticeBoard(client: DynamoDBClient, table: string): NoticeBoard {
  const update = async (input: Update) =>
    await conditional(client.send(new UpdateItemCommand({ TableName: table, ...input })));

  const claim = async <Told>(
    key: Item,
    told: (item: Item | undefined) => Told,
    [owner, now, until]: readonly [string, number, number],
  ): Promise<Told | undefined> => {
    const item = await getItem(client, table, key);
    // INVARIANT: read first, and claimed only as it was read; what cannot be read is never written to.
    const record = told(item);
    const claimed = await update(claimInput(key, item?.["record"]?.S ?? JSON.stringify(record), owner, now, until));
    return claimed === "saved" ? record : undefined;
  };

  const note = async (key: Item, owner: string, record: NoticeRecord | BurstRecord, release: boolean) => {
    const json = JSON.stringify(record);
    if ((await update(noteInput(key, json, owner, release))) === "saved") return;
    // A write whose answer was lost is sent again by the SDK, and finds its own first copy.
    const item = await getItem(client, table, key);
    if (release && item?.["record"]?.S === json && item["owner"] === undefined) return;
    throw new GuardError("CASE_CLAIMED", "retry", "the claim to tell was lost");
  };

  return {
    claim: async (subject, ...claimant) => await claim(noticeKey(subject), noticeIn, claimant),
    note: async (subject, owner, record, release) => await note(noticeKey(subject), owner, record, release),
    claimBurst: async (...claimant) => await claim(burstKey, burstIn, claimant),
    noteBurst: async (owner, record, release) => await note(burstKey, owner, record, release),
  };
}

function claimInput(Key: Item, json: string, owner: string, now: number, until: number): Update {
  return {
    Key,
    UpdateExpression: "SET #record = :record, #owner = :owner, claimedUntil = :until",
    ConditionExpression:
      "attribute_not_exists(pk) OR (#record = :record AND (attribute_not_exists(#owner) OR claimedUntil <= :now))",
    ExpressionAttributeNames: { "#record": "record", "#owner": "owner" },
    ExpressionAttributeValues: {
      ":record": text(json),
      ":owner": text(owner),
      ":until": number(until),
      ":now": number(now),
    },
  };
}

function noteInput(Key: Item, json: string, owner: string, release: boolean): Update {
  return {
    Key,
    UpdateExpression: `SET #record = :record${release ? " REMOVE #owner, claimedUntil" : ""}`,
    ConditionExpression: "#owner = :owner",
    ExpressionAttributeNames: { "#record": "record", "#owner": "owner" },
    ExpressionAttributeValues: { ":record": text(json), ":owner": text(owner) },
  };
}
