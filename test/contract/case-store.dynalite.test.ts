import { type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCaseStore } from "../../lib/aws/dynamodb/case-store.ts";
import type { KeyArn } from "../../lib/domain/key/key-arn.ts";
import { append } from "../../lib/domain/ledger/chain.ts";
import type { DeletionDetected } from "../../lib/domain/ledger/entry.ts";
import type { CaseStore } from "../../lib/workflows/ports/guard.ts";
import { chainBefore } from "../doubles/chain-names.ts";
import { keyArn, t0 } from "../doubles/key-world.ts";
import { describeCaseStore } from "./case-store.contract.ts";
import { startDynalite } from "./dynalite.ts";

describeCaseStore("embedded DynamoDB", startDynalite);

describe("case store: what lies in the table", () => {
  let client: DynamoDBClient;
  let store: CaseStore;
  let stop: () => Promise<void>;
  beforeAll(async () => {
    ({ client, store, stop } = await startDynalite());
  });
  afterAll(async () => await stop());

  /** Puts an item of `arn` into the table past the adapter. */
  const put = async (arn: KeyArn, texts: readonly string[], head: string, format = "1", generation = 1) => {
    const Item = {
      pk: { S: `case#${arn}` },
      sk: { N: String(generation) },
      entries: { L: texts.map((S) => ({ S })) },
      head: { S: head },
      format: { N: format },
    };
    await client.send(new PutItemCommand({ TableName: "cases", Item }));
  };
  const arn = keyArn("damaged000000000");
  const detectionOf = (key: KeyArn): DeletionDetected => ({
    kind: "deletion-detected",
    case: { keyArn: key, generation: 1 },
    source: "event",
    guardVersion: "0.0.0",
  });
  const ofArn = chainBefore(detectionOf(arn));
  const intact = append(ofArn, detectionOf(arn), t0);
  const [text = ""] = intact.texts;
  const otherArn = keyArn("anotherkey000000");
  const foreign = append(chainBefore(detectionOf(otherArn)), detectionOf(arn), t0);
  const headless = append(ofArn, { kind: "restored-by-others" }, t0);

  it("is read when it is whole", async () => {
    await put(arn, intact.texts, intact.head);
    expect((await store.history(arn)).newest?.chain).toEqual(intact);
  });

  it.each<[string, KeyArn, readonly string[], string, string?]>([
    ["an entry of unknown kind", arn, [text.replace("deletion-detected", "deletion-imagined")], intact.head],
    ["a changed byte", arn, [text.replace("0.0.0", "0.0.1")], intact.head],
    ["text that is no JSON", arn, ["{"], intact.head],
    ["no entry at all", arn, [], intact.head],
    ["a chain that begins with something else", arn, headless.texts, headless.head],
    ["the case of another key", otherArn, intact.texts, intact.head],
    ["the detection of another key's deletion", otherArn, foreign.texts, foreign.head],
    ["a newer format", arn, intact.texts, intact.head, "2"],
  ])("is refused with CASE_UNREADABLE when it holds %s", async (_, key, texts, head, format) => {
    await put(key, texts, head, format);
    await expect(store.history(key)).rejects.toMatchObject({ code: "CASE_UNREADABLE", disposition: "retry" });
  });

  it("is refused with CASE_UNREADABLE when it holds the case of another generation", async () => {
    const key = keyArn("anotherplace0000");
    const second = { ...detectionOf(key), case: { keyArn: key, generation: 2 } };
    for (const name of [detectionOf(key), second]) {
      const first = append(chainBefore(name), detectionOf(key), t0);
      await put(key, first.texts, first.head, "1", 2);
      await expect(store.history(key)).rejects.toMatchObject({ code: "CASE_UNREADABLE", disposition: "retry" });
      await expect(store.read({ keyArn: key, generation: 2 })).rejects.toMatchObject({ code: "CASE_UNREADABLE" });
    }
  });

  it("of an earlier deletion may be damaged: the newest is read all the same", async () => {
    const key = keyArn("damagedbefore000");
    const detection = { ...detectionOf(key), case: { keyArn: key, generation: 2 } };
    const second = append(chainBefore(detection), detection, t0);
    await put(key, ["{"], "0".repeat(64), "1", 1);
    await put(key, second.texts, second.head, "1", 2);
    const { newest, previous } = await store.history(key);
    expect([newest?.chain.texts, previous]).toEqual([second.texts, undefined]);
    await expect(store.read({ keyArn: key, generation: 1 })).rejects.toMatchObject({ code: "CASE_UNREADABLE" });
  });

  it("answers STORE_UNAVAILABLE when the table cannot be reached", async () => {
    await expect(createCaseStore(client, "no-such-table").history(keyArn())).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
      disposition: "retry",
    });
  });
});
