import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readTrails } from "../../cli/trail/trail-source.ts";
import { createCaseStore } from "../../lib/aws/dynamodb/case-store.ts";
import { createPauseBook } from "../../lib/aws/dynamodb/pause-book.ts";
import { createReadPermit } from "../../lib/aws/dynamodb/permit-item.ts";
import { append, type Chain, emptyChain } from "../../lib/domain/ledger/chain.ts";
import { permitChainName } from "../../lib/domain/ledger/chain-name.ts";
import type { EntryBody } from "../../lib/domain/ledger/entry.ts";
import { chainBefore } from "../doubles/chain-names.ts";
import { day, keyArn, t0 } from "../doubles/key-world.ts";
import { startDynalite } from "./dynalite.ts";

const arn = keyArn();
const voter = { via: "aws", arn: "arn:aws:iam::111122223333:user/alice", userId: "AIDAALICE" } as const;
const asked = (number: number): EntryBody => ({
  ...{ kind: "permit-requested", keyArn: arn, number, rule: "ask", principal: voter.arn, minWaitingMs: 7 * day },
  ...{ deadline: t0 + day, voter, person: "alice", reason: "CHG-9" },
});
const chainOf = (number: number) => append(chainBefore(asked(number)), asked(number), t0);

describe("permits that were asked for beforehand, in the table", () => {
  let world: Awaited<ReturnType<typeof startDynalite>>;
  beforeAll(async () => {
    world = await startDynalite();
  });
  afterAll(async () => await world.stop());

  it("are among the permits of their key, are read by their name, and are on the audit trail", async () => {
    const { client, table, endpoint } = world;
    const store = createCaseStore(client, table);
    for (const number of [1, 2]) await store.savePermit({ chain: chainOf(number), expectedLength: 0 });
    expect(await store.permits(arn)).toEqual([chainOf(1), chainOf(2)]);
    const read = createReadPermit(client, table);
    expect(await read({ keyArn: arn, number: 2 })).toEqual(chainOf(2));
    expect(await read({ keyArn: arn, number: 3 })).toBeUndefined();
    const names: string[] = [];
    for await (const trail of readTrails({ table, region: "us-east-1", endpoint })) names.push(trail.case);
    expect(names.toSorted()).toEqual([`${arn}#p1`, `${arn}#p2`]);
  });

  it("permit nothing under another key, and a pause moved to another number is refused", async () => {
    const { client, table } = world;
    const other = keyArn("anotherkey000000");
    const put = async ({ texts, head }: Chain, pk: string, sk: string) => {
      const entries = { L: texts.map((text) => ({ S: text })) };
      const Item = { pk: { S: pk }, sk: { N: sk }, head: { S: head }, entries };
      await client.send(new PutItemCommand({ TableName: table, Item }));
    };
    await put(chainOf(1), `permit#${other}`, "-1");
    expect(await createCaseStore(client, table).permits(other)).toEqual([]);
    const pause = { kind: "pause-requested", number: 1, forMs: day, voter, person: "alice", reason: "x" } as const;
    const begun = append(chainBefore(pause), pause, t0);
    const book = createPauseBook(client, table);
    await put(begun, "pause", "1");
    expect(await book.read(1)).toEqual(begun);
    await put(begun, "pause", "2");
    await expect(book.read(2)).rejects.toMatchObject({ code: "CASE_UNREADABLE" });
  });

  it("permit nothing where they are damaged, or lie in another one's place", async () => {
    const { client, table } = world;
    const store = createCaseStore(client, table);
    const { texts, head } = chainOf(1);
    const Item = {
      ...{ pk: { S: `permit#${arn}` }, sk: { N: "-7" }, head: { S: head } },
      entries: { L: texts.map((text) => ({ S: text })) },
    };
    await client.send(new PutItemCommand({ TableName: table, Item }));
    expect(await store.permits(arn)).toEqual([chainOf(1), chainOf(2)]);
    await expect(createReadPermit(client, table)({ keyArn: arn, number: 7 })).rejects.toMatchObject({
      code: "CASE_UNREADABLE",
    });
  });

  it("permit nothing where they are another key's, or lack the head of their entries", async () => {
    const { client, table } = world;
    const store = createCaseStore(client, table);
    const other = keyArn("anotherkey000000");
    const place = emptyChain(permitChainName(other, { by: "request", number: 1 }));
    const own = append(place, { ...asked(1), keyArn: other } as EntryBody, t0);
    const foreign = append(place, asked(1), t0);
    const put = async ({ texts }: typeof own, head: string) => {
      const Key = { pk: { S: `permit#${other}` }, sk: { N: "-1" } };
      const entries = { L: texts.map((S) => ({ S })) };
      await client.send(new PutItemCommand({ TableName: table, Item: { ...Key, head: { S: head }, entries } }));
    };
    const unreadable = { code: "CASE_UNREADABLE" };
    for (const [chain, head] of [
      [chainOf(1), chainOf(1).head],
      [foreign, foreign.head],
      [own, "0".repeat(64)],
    ] as const) {
      await put(chain, head);
      expect(await store.permits(other)).toEqual([]);
      await expect(createReadPermit(client, table)({ keyArn: other, number: 1 })).rejects.toMatchObject(unreadable);
    }
    await put(own, own.head);
    expect(await store.permits(other)).toEqual([own]);
  });

  it("of a case permit nothing under another key, or in the chain of another case", async () => {
    const store = createCaseStore(world.client, world.table);
    const other = keyArn("onemorekey000000");
    const terms = {
      ...{ principal: voter.arn, minWaitingMs: 7 * day, group: "custodians" },
      ...{ approvedBy: ["bob", "carol"], proof: ["aws"] as const, issuedAt: t0, until: t0 + day },
    };
    /** Saves a permit for `keyArn` and its case `generation` as that of the case `place` of `other`. */
    const save = async (keyArn: typeof arn, generation: number, place: number) => {
      const permit = { ...terms, keyArn, id: { by: "case", generation } } as const;
      const before = emptyChain(permitChainName(other, { by: "case", generation: place }));
      const chain = append(before, { kind: "permit-issued", permit }, t0);
      expect(await store.savePermit({ chain, expectedLength: 0 })).toBe("saved");
      return chain;
    };
    await save(arn, 1, 1);
    await save(other, 1, 2);
    expect(await store.permits(other)).toEqual([]);
    const whole = await save(other, 3, 3);
    expect(await store.permits(other)).toEqual([whole]);
  });
});
