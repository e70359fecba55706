import { GetItemCommand, PutItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDeletionLedger } from "../../lib/aws/dynamodb/deletion-ledger.ts";
import type { Item } from "../../lib/aws/dynamodb/item.ts";
import { createNoticeBoard } from "../../lib/aws/dynamodb/notice-board.ts";
import { keyArn, t0 } from "../doubles/key-world.ts";
import { startDynalite } from "./dynalite.ts";
import { describeNoticeBoard } from "./notice-board.contract.ts";

describeNoticeBoard("embedded DynamoDB", async () => {
  const { client, table, stop } = await startDynalite();
  return { board: createNoticeBoard(client, table), ledger: createDeletionLedger(client, table), stop };
});

describe("what lies in the table of what was announced", () => {
  let world: Awaited<ReturnType<typeof startDynalite>>;
  beforeAll(async () => {
    world = await startDynalite();
  });
  afterAll(async () => await world.stop());
  const noticeKey: Item = { pk: { S: `notice#${keyArn()}` }, sk: { N: "1" } };
  const burstKey: Item = { pk: { S: "burst#channel" }, sk: { N: "0" } };
  const put = async (Item: Item) => await world.client.send(new PutItemCommand({ TableName: world.table, Item }));
  const get = async (Key: Item) => (await world.client.send(new GetItemCommand({ TableName: world.table, Key }))).Item;

  it.each<[string, Item]>([
    ["no record", {}],
    ["text that is no JSON", { record: { S: "{" } }],
    ["another shape", { record: { S: '{"told":-1,"mailed":0,"escalated":0}' } }],
    ["a newer shape", { record: { S: '{"told":1,"mailed":0,"escalated":0,"sung":1}' } }],
    ["a number", { record: { N: "1" } }],
  ])("is refused with NOTICE_UNREADABLE when it holds %s, and stays as it is", async (_, garbage) => {
    const board = createNoticeBoard(world.client, world.table);
    await put({ ...noticeKey, ...garbage });
    await put({ ...burstKey, ...garbage });
    const unreadable = { code: "NOTICE_UNREADABLE", disposition: "dead-letter" };
    await expect(board.claim({ series: keyArn(), number: 1 }, "run-a", t0, t0 + 1)).rejects.toMatchObject(unreadable);
    await expect(board.claimBurst("run-a", t0, t0 + 1)).rejects.toMatchObject(unreadable);
    expect([await get(noticeKey), await get(burstKey)]).toEqual([
      { ...noticeKey, ...garbage },
      { ...burstKey, ...garbage },
    ]);
  });

  it("is refused with NOTICE_UNREADABLE when a counted deletion is none", async () => {
    await put({ pk: { S: "deletions#mallory" }, sk: { N: "476899" }, deletions: { SS: ["{}"] } });
    const ledger = createDeletionLedger(world.client, world.table);
    await expect(ledger.count("mallory", { eventId: "e", at: t0, keyArn: keyArn() })).rejects.toMatchObject({
      code: "NOTICE_UNREADABLE",
    });
  });

  it("grows to a hundred deletions of one principal and hour, and no further", async () => {
    const ledger = createDeletionLedger(world.client, world.table);
    for (let n = 0; n < 110; n++) await ledger.count("trent", { eventId: `e${n}`, at: t0, keyArn: keyArn() });
    const { deletions } = await ledger.count("trent", { eventId: "e110", at: t0, keyArn: keyArn() });
    expect(deletions).toHaveLength(100);
  });

  it("is claimed only as it was read: what others told in between is read again", async () => {
    const subject = { series: keyArn("inbetween0000000"), number: 1 };
    const board = createNoticeBoard(world.client, world.table);
    await board.claim(subject, "run-b", t0, t0 + 1);
    await board.save(subject, "run-b", { told: 1, mailed: 1, escalated: 0 }, true);
    let writes = 0;
    const send = async (command: UpdateItemCommand) => {
      if (command instanceof UpdateItemCommand && ++writes === 1) {
        await board.claim(subject, "run-c", t0, t0 + 1);
        await board.save(subject, "run-c", { told: 2, mailed: 2, escalated: 0 }, true);
      }
      return await world.client.send(command);
    };
    const slow = createNoticeBoard({ send } as unknown as typeof world.client, world.table);
    expect(await slow.claim(subject, "run-a", t0, t0 + 1)).toBeUndefined();
    expect(await slow.claim(subject, "run-a", t0, t0 + 1)).toMatchObject({ told: 2 });
  });

  it("takes a note whose answer was lost, and that was sent again, as one", async () => {
    const subject = { series: keyArn("sentagain0000000"), number: 1 };
    const board = createNoticeBoard(world.client, world.table);
    await board.claim(subject, "run-a", t0, t0 + 1);
    const record = { told: 1, mailed: 1, escalated: 0 };
    await board.save(subject, "run-a", record, true);
    await board.save(subject, "run-a", record, true);
    expect(await board.claim(subject, "run-b", t0, t0 + 1)).toEqual(record);
  });

  it("answers STORE_UNAVAILABLE when the table cannot be reached", async () => {
    const down = { code: "STORE_UNAVAILABLE", disposition: "retry" };
    const subject = { series: keyArn(), number: 1 };
    const board = createNoticeBoard(world.client, "no-such-table");
    await expect(board.claim(subject, "run-a", t0, t0 + 1)).rejects.toMatchObject(down);
    await expect(
      createDeletionLedger(world.client, "no-such-table").count("a", { eventId: "e", at: t0, keyArn: keyArn() }),
    ).rejects.toMatchObject(down);
  });
});
