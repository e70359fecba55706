import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GuardError } from "../../domain/guard-error.ts";
import type { BurstRecord, NoticeBoard, NoticeRecord } from "../../workflows/ports/notices.ts";
import { type Item, numberValue, stringValue, type Update } from "./item.ts";
import { burstIn, burstKey, noticeIn, noticeKey } from "./notice-item.ts";
import { getItem, saveOnce } from "./store-call.ts";

/**
 * What was announced, in the table of the cases: `pk` = `notice#<subject>`, `sk` = its number, and `burst#channel` for the summary. Each
 * is one JSON text and a claim, so that a role can be limited to them by leading key.
 */
export function createNoticeBoard(client: DynamoDBClient, table: string): NoticeBoard {
  const claim = async <Told>(
    key: Item,
    told: (item: Item | undefined) => Told,
    [owner, now, until]: readonly [string, number, number],
  ): Promise<Told | undefined> => {
    const item = await getItem(client, table, key);
    // INVARIANT: read first, and claimed only as it was read; what cannot be read is never written to.
    const record = told(item);
    const json = item?.["record"]?.S ?? JSON.stringify(record);
    const isOwn = (after: Item) =>
      after["record"]?.S === json && after["owner"]?.S === owner && after["claimedUntil"]?.N === String(until);
    const claimed = await saveOnce(client, table, claimInput(key, json, owner, now, until), isOwn);
    return claimed === "saved" ? record : undefined;
  };

  const saveRecord = async (key: Item, owner: string, record: NoticeRecord | BurstRecord, release: boolean) => {
    const json = JSON.stringify(record);
    // Another owner may have claimed the record since: a claim does not change its text.
    const isOwn = (after: Item) => release && after["record"]?.S === json && after["releasedBy"]?.S === owner;
    if ((await saveOnce(client, table, saveInput(key, json, owner, release), isOwn)) === "saved") return;
    throw new GuardError("CASE_CLAIMED", "retry", "the claim to tell was lost");
  };

  return {
    claim: async (subject, ...claimant) => await claim(noticeKey(subject), noticeIn, claimant),
    save: async (subject, owner, record, release) => await saveRecord(noticeKey(subject), owner, record, release),
    claimBurst: async (...claimant) => await claim(burstKey, burstIn, claimant),
    saveBurst: async (owner, record, release) => await saveRecord(burstKey, owner, record, release),
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
      ":record": stringValue(json),
      ":owner": stringValue(owner),
      ":until": numberValue(until),
      ":now": numberValue(now),
    },
  };
}

function saveInput(Key: Item, json: string, owner: string, release: boolean): Update {
  return {
    Key,
    UpdateExpression: `SET #record = :record${release ? ", releasedBy = :owner REMOVE #owner, claimedUntil" : ""}`,
    ConditionExpression: "#owner = :owner",
    ExpressionAttributeNames: { "#record": "record", "#owner": "owner" },
    ExpressionAttributeValues: { ":record": stringValue(json), ":owner": stringValue(owner) },
  };
}
