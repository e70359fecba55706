import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { readChain } from "../domain/audit-chain.ts";
import { canonicalJson } from "../domain/canonical-json.ts";
import { caseOf } from "../domain/case.ts";
import type { DeletionAttempt } from "../domain/deletion-request.ts";
import { GuardError } from "../domain/guard-error.ts";
import type { KeyArn } from "../domain/key-arn.ts";
import { principalOf } from "../domain/requester.ts";
import type { CaseChange, CaseStore, KeyHistory, StoredCase } from "../workflows/ports.ts";

type Item = Record<string, AttributeValue>;

/** Layout of a case item; a newer one is not read, and never overwritten. */
const format = 1;

/** Failed calls kept in full per principal and hour; the rest is counted. */
const maxAttemptsKept = 20;
const hour = 3_600_000;

/**
 * Cases in one DynamoDB table: `pk` = `case#<key ARN>`, `sk` = generation. Attempts and publish cursors are items of their own
 * (`attempts#`, `cursor#`), so that a role can be limited to a kind of item by its leading key.
 */
export function createCaseStore(client: DynamoDBClient, table: string): CaseStore {
  const update = async (input: Omit<UpdateItemCommandInput, "TableName">) =>
    await conditional(client.send(new UpdateItemCommand({ TableName: table, ...input })));
  return {
    history: async (keyArn) => await history(client, table, keyArn),
    save: async (change) => {
      if ((await update(saveInput(change))) === "saved") return "saved";
      return (await isOwnWrite(client, table, change)) ? "saved" : "conflict";
    },
    recordAttempt: async (attempt) => {
      if ((await update(attemptInput(attempt))) === "refused") await update(overflowInput(attempt));
    },
    published: async (keyArn, generation) => {
      const item = await get(client, table, cursorKey(keyArn, generation));
      return Number(item?.["published"]?.N ?? 0);
    },
    markPublished: async (keyArn, generation, count) => {
      await update({
        Key: cursorKey(keyArn, generation),
        UpdateExpression: "SET published = :count",
        ConditionExpression: "attribute_not_exists(published) OR published < :count",
        ExpressionAttributeValues: { ":count": number(count) },
      });
    },
  };
}

const text = (S: string): AttributeValue => ({ S });
const number = (value: number): AttributeValue => ({ N: String(value) });
const list = (values: readonly string[]): AttributeValue => ({ L: values.map(text) });

const caseKey = (keyArn: KeyArn, generation: number): Item => ({ pk: text(`case#${keyArn}`), sk: number(generation) });
const cursorKey = (keyArn: KeyArn, generation: number): Item => ({
  pk: text(`cursor#${keyArn}`),
  sk: number(generation),
});

async function history(client: DynamoDBClient, table: string, keyArn: KeyArn): Promise<KeyHistory> {
  let newest: StoredCase | undefined;
  const earlierEventIds = new Set<string>();
  let from: Item | undefined;
  do {
    const page = await unlessDown(
      client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: "pk = :pk",
          ExpressionAttributeValues: { ":pk": text(`case#${keyArn}`) },
          ConsistentRead: true,
          ScanIndexForward: false,
          ...(from && { ExclusiveStartKey: from }),
        }),
      ),
    );
    for (const item of page.Items ?? []) {
      if (newest === undefined) newest = storedCase(item, keyArn);
      else for (const id of item["eventIds"]?.L ?? []) if (id.S) earlierEventIds.add(id.S);
    }
    from = page.LastEvaluatedKey;
  } while (from);
  return { ...(newest && { newest }), earlierEventIds };
}

function storedCase(item: Item, keyArn: KeyArn): StoredCase {
  const reading = readChain((item["entries"]?.L ?? []).map((value) => value.S ?? ""));
  const generation = Number(item["sk"]?.N);
  const readable =
    item["format"]?.N === String(format) &&
    reading.ok &&
    reading.chain.head === item["head"]?.S &&
    caseOf(reading.chain).keyArn === keyArn &&
    caseOf(reading.chain).generation === generation;
  if (!readable) {
    const damage = reading.ok ? "item and entries differ" : `entry ${reading.seq}: ${reading.damage}`;
    throw new GuardError(
      "CASE_UNREADABLE",
      "retry",
      `case ${generation} of \`${keyArn}\` cannot be trusted: ${damage}`,
    );
  }
  const owner = item["leaseOwner"]?.S;
  return {
    chain: reading.chain,
    ...(owner !== undefined && { lease: { owner, until: Number(item["leaseUntil"]?.N) } }),
    failures: Number(item["failures"]?.N ?? 0),
  };
}

function saveInput(change: CaseChange): Omit<UpdateItemCommandInput, "TableName"> {
  const { chain, lease, dueAt } = change;
  const set = [
    "entries = list_append(if_not_exists(entries, :none), :added)",
    "#version = :version",
    "head = :head",
    "eventIds = :eventIds",
    "#status = :status",
    "failures = :failures",
    "#format = :format",
    ...(dueAt === undefined ? [] : ["dueAt = :dueAt"]),
    ...(lease === undefined ? [] : ["leaseOwner = :owner", "leaseUntil = :leaseUntil"]),
  ];
  const remove = [
    ...(dueAt === undefined ? ["dueAt"] : []),
    ...(lease === undefined ? ["leaseOwner", "leaseUntil"] : []),
  ];
  return {
    Key: caseKey(change.keyArn, change.generation),
    UpdateExpression: `SET ${set.join(", ")}${remove.length === 0 ? "" : ` REMOVE ${remove.join(", ")}`}`,
    ...saveCondition(change),
    ExpressionAttributeNames: { "#version": "version", "#status": "status", "#format": "format" },
    ExpressionAttributeValues: {
      ":none": list([]),
      ":added": list(chain.texts.slice(change.expectedLength)),
      ":version": number(chain.entries.length),
      ":head": text(chain.head),
      ":eventIds": list([...caseOf(chain).eventIds]),
      ":status": text(change.status),
      ":failures": number(change.failures),
      ":format": number(format),
      ...(dueAt !== undefined && { ":dueAt": number(dueAt) }),
      ...(lease !== undefined && { ":leaseUntil": number(lease.until) }),
      ...(change.expectedLength > 0 && { ":expected": number(change.expectedLength), ":now": number(change.now) }),
      ...((change.expectedLength > 0 || lease !== undefined) && { ":owner": text(change.owner) }),
    },
  };
}

function saveCondition({ expectedLength }: CaseChange): { ConditionExpression: string } {
  const unclaimed = "(attribute_not_exists(leaseOwner) OR leaseOwner = :owner OR leaseUntil <= :now)";
  return {
    ConditionExpression: expectedLength === 0 ? "attribute_not_exists(pk)" : `#version = :expected AND ${unclaimed}`,
  };
}

/** A write whose answer was lost is sent again by the SDK, and its own first copy then refuses it. */
async function isOwnWrite(client: DynamoDBClient, table: string, change: CaseChange): Promise<boolean> {
  const item = await get(client, table, caseKey(change.keyArn, change.generation));
  return item?.["head"]?.S === change.chain.head && item["leaseOwner"]?.S === change.lease?.owner;
}

function attemptKey({ requester, at }: DeletionAttempt): Item {
  return { pk: text(`attempts#${principalOf(requester)}`), sk: number(Math.floor(at / hour)) };
}

function attemptInput(attempt: DeletionAttempt): Omit<UpdateItemCommandInput, "TableName"> {
  return {
    Key: attemptKey(attempt),
    UpdateExpression: "SET attempts = list_append(if_not_exists(attempts, :none), :one) ADD eventIds :ids",
    ConditionExpression: "attribute_not_exists(attempts) OR (size(attempts) < :max AND NOT contains(eventIds, :id))",
    ExpressionAttributeValues: {
      ":none": list([]),
      ":one": list([canonicalJson(attempt)]),
      ":max": number(maxAttemptsKept),
      ":ids": { SS: [attempt.eventId] },
      ":id": text(attempt.eventId),
    },
  };
}

/** Past the cap only a number is kept; a record delivered twice may then count twice. */
function overflowInput(attempt: DeletionAttempt): Omit<UpdateItemCommandInput, "TableName"> {
  return {
    Key: attemptKey(attempt),
    UpdateExpression: "ADD more :one",
    ConditionExpression: "NOT contains(eventIds, :id)",
    ExpressionAttributeValues: { ":one": number(1), ":id": text(attempt.eventId) },
  };
}

async function get(client: DynamoDBClient, table: string, key: Item): Promise<Item | undefined> {
  const answer = await unlessDown(
    client.send(new GetItemCommand({ TableName: table, Key: key, ConsistentRead: true })),
  );
  return answer.Item;
}

async function conditional(write: Promise<unknown>): Promise<"saved" | "refused"> {
  try {
    await write;
    return "saved";
  } catch (error) {
    if (error instanceof Error && error.name === "ConditionalCheckFailedException") return "refused";
    throw storeUnavailable(error);
  }
}

async function unlessDown<Answer>(answer: Promise<Answer>): Promise<Answer> {
  return await answer.catch((error: unknown) => {
    throw storeUnavailable(error);
  });
}

function storeUnavailable(error: unknown): GuardError {
  return new GuardError("STORE_UNAVAILABLE", "retry", "the case store cannot be reached", { cause: error });
}
