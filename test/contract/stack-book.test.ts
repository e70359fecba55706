import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCallBook } from "../../lib/aws/dynamodb/call-book.ts";
import { keyOfChain } from "../../lib/aws/dynamodb/chain-key.ts";
import { createPolicyBook } from "../../lib/aws/dynamodb/policy-book.ts";
import { createTrailTable } from "../../lib/aws/dynamodb/trail-table.ts";
import { hourText } from "../../lib/domain/ledger/calls-name.ts";
import { append, emptyChain } from "../../lib/domain/ledger/chain.ts";
import { dayChainName, policyChainName } from "../../lib/domain/ledger/chain-name.ts";
import { belongs } from "../../lib/domain/log/belongs.ts";
import { policyRecord } from "../../lib/domain/stack/policy-record.ts";
import { chainOfCall, refusedCall, withCall } from "../../lib/domain/stack/refused-calls.ts";
import { t0 } from "../doubles/key-world.ts";
import { attempt } from "../doubles/refused-calls.ts";
import { createMemoryStackBook } from "../doubles/stack-records.ts";
import { startDynalite } from "./dynalite.ts";
import { hasJava, startDynamoDbLocal } from "./dynamodb-local.ts";
import { describeStackBooks } from "./stack-book.contract.ts";

describeStackBooks("in memory", async () => {
  const book = createMemoryStackBook();
  return { calls: book, policies: book.policies, stop: async () => {} };
});

describeStackBooks("embedded DynamoDB", async () => {
  const { client, table, stop } = await startDynalite();
  return { calls: createCallBook(client, table), policies: createPolicyBook(client, table), stop };
});

if (hasJava)
  describeStackBooks("official DynamoDB Local", async () => {
    const { client, table, stop } = await startDynamoDbLocal();
    return { calls: createCallBook(client, table), policies: createPolicyBook(client, table), stop };
  });
else
  describe("stack books: official DynamoDB Local", () =>
    it.skip("LEFT OUT: there is no `java` on this machine", () => {}));

describe("the chains of the stack in the table", () => {
  let world: Awaited<ReturnType<typeof startDynalite>>;
  beforeAll(async () => {
    world = await startDynalite();
  });
  afterAll(async () => await world.stop());

  const call = refusedCall(attempt(1));
  const calls = withCall(undefined, call, t0);
  if (typeof calls === "string") throw new Error(calls);
  const inForce = { policyHash: "a".repeat(64), mode: "enforce", guardVersion: "0.1.0", text: "{}" } as const;
  const policy = policyRecord(undefined, inForce, t0);
  if (policy === undefined) throw new Error("no policy");
  const listed = append(
    emptyChain(dayChainName({ series: "keys", day: "2026-11-29", number: 1 })),
    { kind: "keys-listed", day: "2026-11-29", part: 1, parts: 1, keys: 0, sha256: "b".repeat(64), listed: [] },
    t0,
  );
  const put = async (name: string, texts: readonly string[], head: string) => {
    const Item = {
      ...keyOfChain(name),
      entries: { L: texts.map((S) => ({ S })) },
      head: { S: head },
      more: { N: "3" },
    };
    await world.client.send(new PutItemCommand({ TableName: world.table, Item }));
  };

  it("are read by the sweep for the log under their names, and belong there", async () => {
    const chains = [calls, policy, listed];
    for (const { name, texts, head } of chains) await put(name, texts, head);
    const found = [];
    for await (const { name, texts } of createTrailTable(world.client, world.table).all()) found.push([name, texts]);
    expect(found.sort()).toEqual(chains.map(({ name, texts }) => [name, texts]).sort());
    for (const { name, entries } of chains) expect(entries.every((entry) => belongs(entry, name))).toBe(true);
  });

  it("are not trusted under another head or number, and left out where counts are read", async () => {
    await put(calls.name, calls.texts, "0".repeat(64));
    const book = createCallBook(world.client, world.table);
    await expect(book.read(calls.name)).rejects.toMatchObject({ code: "CASE_UNREADABLE" });
    expect(await book.counted(hourText(t0))).toEqual([]);
    await put(policyChainName(7), policy.texts, policy.head);
    const policies = createPolicyBook(world.client, world.table);
    expect(await policies.latest()).toEqual({ number: 7 });
    expect(chainOfCall(call)).toBe(calls.name);
    // No number follows this one: a policy that is never recorded must ring.
    const item = { ...keyOfChain(policyChainName(8)), sk: { N: "9007199254740991" } };
    await world.client.send(new PutItemCommand({ TableName: world.table, Item: item }));
    await expect(policies.latest()).rejects.toMatchObject({ code: "CASE_UNREADABLE" });
  });
});
