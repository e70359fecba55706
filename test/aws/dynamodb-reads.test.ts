import { type DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { describe, expect, it } from "vitest";
import { createCaseStore } from "../../lib/aws/dynamodb/case-store.ts";
import { createDeletionLedger } from "../../lib/aws/dynamodb/deletion-ledger.ts";
import { createHistoryMarks } from "../../lib/aws/dynamodb/history-marks.ts";
import { createKeyInventory } from "../../lib/aws/dynamodb/key-inventory.ts";
import { createNoticeBoard } from "../../lib/aws/dynamodb/notice-board.ts";
import { createPauseBook } from "../../lib/aws/dynamodb/pause-book.ts";
import { createReadPermit } from "../../lib/aws/dynamodb/permit-item.ts";
import { createTrailTable } from "../../lib/aws/dynamodb/trail-table.ts";
import { append } from "../../lib/domain/ledger/chain.ts";
import type { FoundChain } from "../../lib/domain/log/compare-chain.ts";
import { detection } from "../doubles/case-builder.ts";
import { chainBefore } from "../doubles/chain-names.ts";
import { deletionRequest, keyArn, t0 } from "../doubles/key-world.ts";

type Input = Readonly<Record<string, unknown>>;
const arn = keyArn();

/** A table that answers `pages`, one after the other, and keeps what it was asked. Neither embedded DynamoDB is ever behind its writes. */
function tableOf(pages: readonly (readonly object[])[] = [], concerns: (input: Input) => boolean = () => true) {
  const reads: Input[] = [];
  const client = {
    send: async (command: { readonly input: Input }) => {
      const { input } = command;
      if (command instanceof UpdateItemCommand || !concerns(input)) return {};
      const page = pages[reads.length];
      reads.push(input);
      const more = reads.length < pages.length && { LastEvaluatedKey: { pk: { S: `page ${reads.length}` } } };
      return { Items: page, ...more };
    },
  } as unknown as DynamoDBClient;
  return { client, reads };
}

const isOpen = ({ ExpressionAttributeValues: values }: Input) => JSON.stringify(values).includes('"open"');
const starts = (reads: readonly Input[]) => reads.map(({ ExclusiveStartKey: from }) => from);
const allPages = [undefined, { pk: { S: "page 1" } }, { pk: { S: "page 2" } }];

const caseItem = (generation: number, eventId: string) => {
  const first = detection({ case: { keyArn: arn, generation }, request: deletionRequest({ eventId }) });
  const { texts, head } = append(chainBefore(first), first, t0);
  return {
    ...{ pk: { S: `case#${arn}` }, sk: { N: String(generation) }, head: { S: head }, format: { N: "1" } },
    ...{ entries: { L: texts.map((S) => ({ S })) } },
  };
};

describe("what a decision rests on is read as the last write left it", () => {
  it.each<[string, (client: DynamoDBClient) => Promise<unknown>]>([
    ["how far the event history was read", async (client) => await createHistoryMarks(client, "t").read()],
    ["a case", async (client) => await createCaseStore(client, "t").read({ keyArn: arn, generation: 1 })],
    ["the permits of a key", async (client) => await createCaseStore(client, "t").permits(arn)],
    ["a permit", async (client) => await createReadPermit(client, "t")({ keyArn: arn, number: 1 })],
    ["the newest pause", async (client) => await createPauseBook(client, "t").latest()],
    ["a pause", async (client) => await createPauseBook(client, "t").read(1)],
    ["what was seen of a key", async (client) => await createKeyInventory(client, "t").lastSeen(arn)],
    ["the time of the inventory", async (client) => await createKeyInventory(client, "t").takenAt()],
    [
      "what was announced",
      async (client) => await createNoticeBoard(client, "t").claim({ series: "x", number: 1 }, "me", t0, t0 + 1),
    ],
    [
      "the deletions of a principal",
      async (client) => await createDeletionLedger(client, "t").count("p", { eventId: "e", at: t0, keyArn: arn }),
    ],
  ])("%s", async (_, read) => {
    const { client, reads } = tableOf();
    await read(client);
    expect(reads).toMatchObject([{ TableName: "t", ConsistentRead: true }]);
  });

  it("the history of a key: its two newest cases and its latest Keep, and no more", async () => {
    const isCase = ({ Key }: Input) => Key === undefined;
    const cases = tableOf([[caseItem(9, "e9")], [caseItem(8, "e8")], [caseItem(7, "e7")]], isCase);
    const { newest, previous } = await createCaseStore(cases.client, "t").history(arn);
    expect([newest?.chain.entries, previous?.chain.entries]).toMatchObject([
      [{ case: { generation: 9 } }],
      [{ case: { generation: 8 } }],
    ]);
    expect(cases.reads).toMatchObject(Array(2).fill({ ConsistentRead: true, Limit: 2, ScanIndexForward: false }));
    expect(starts(cases.reads)).toEqual(allPages.slice(0, 2));
    const all = tableOf([[caseItem(9, "e9"), caseItem(8, "e8")], []]);
    await createCaseStore(all.client, "t").history(arn);
    expect(all.reads.slice(1)).toEqual([
      { TableName: "t", Key: { pk: { S: `keep#${arn}` }, sk: { N: "0" } }, ConsistentRead: true },
    ]);
  });

  it("but not by the index, which knows no such read", async () => {
    const { client, reads } = tableOf();
    const store = createCaseStore(client, "t");
    await store.due(t0, 10);
    await store.countOpen();
    expect(reads.map(({ IndexName, ConsistentRead }) => [IndexName, ConsistentRead])).toEqual(
      Array.from({ length: 4 }, () => ["byStatus", undefined]),
    );
  });
});

describe("a list that takes several pages is read to its end", () => {
  it("of the cases that are due, up to the limit", async () => {
    const item = (generation: number) => ({ pk: { S: `case#${arn}` }, sk: { N: String(generation) } });
    const due = async (limit: number) => {
      const { client, reads } = tableOf([[item(1)], [], [item(2), item(3)]], isOpen);
      const found = await createCaseStore(client, "t").due(t0, limit);
      return { found: found.map(({ name: { generation } }) => generation), pages: reads.length };
    };
    expect(await due(2_000)).toEqual({ found: [1, 2, 3], pages: 3 });
    expect(await due(2)).toEqual({ found: [1, 2], pages: 3 });
    expect(await due(1)).toEqual({ found: [1], pages: 1 });
  });

  it("of all chains", async () => {
    const item = (generation: number) => ({
      pk: { S: `case#${arn}` },
      sk: { N: String(generation) },
      entries: { L: [{ S: `text ${generation}` }] },
    });
    const { client, reads } = tableOf([[item(1)], [], [item(2)]]);
    const chains: FoundChain[] = [];
    for await (const chain of createTrailTable(client, "t").all()) chains.push(chain);
    expect(chains).toEqual([
      { name: `${arn}#1`, texts: ["text 1"] },
      { name: `${arn}#2`, texts: ["text 2"] },
    ]);
    expect(starts(reads)).toEqual(allPages);
  });
});
