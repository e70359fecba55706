import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCaseStore } from "../../lib/aws/dynamodb/case-store.ts";
import type { Item } from "../../lib/aws/dynamodb/item.ts";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
import { createTestGuard } from "../doubles/guard.ts";
import { itemBytes } from "../doubles/item-size.ts";
import { createKeyWorld, day, deletionRequest, keyArn, t0 } from "../doubles/key-world.ts";
import { startDynalite } from "./dynalite.ts";

const minute = 60_000;
const eventId = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;

let client: DynamoDBClient;
let stop: () => Promise<void>;
beforeAll(async () => {
  ({ client, stop } = await startDynalite());
});
afterAll(async () => await stop());

/** `client`, with the bytes of every item that it answers. */
function weighed() {
  const read = { bytes: 0 };
  const send = async (command: never) => {
    const answer = (await client.send(command)) as { Items?: readonly Item[]; Item?: Item };
    for (const item of [answer.Items ?? [], answer.Item ?? []].flat()) read.bytes += itemBytes(item);
    return answer;
  };
  return { read, client: { send } as unknown as DynamoDBClient };
}

describe("a key that was deleted a hundred times", () => {
  it("costs a look no more than two cases, and knows the records of all of them", async () => {
    const { read, client: scale } = weighed();
    const cases = createCaseStore(scale, "cases");
    const keys = createKeyWorld();
    const { guard, time } = createTestGuard(keys, t0, { cases });
    const bytes: number[] = [];
    const guardOne = async (n: number) => {
      keys.state = "DELETE_PENDING";
      keys.deletePendingAt = t0 + n * 10 * minute + 3 * day;
      time.now = t0 + n * 10 * minute + 1000;
      const request = deletionRequest({ eventId: eventId(n), at: t0 + n * 10 * minute });
      await guardDeletion(guard, { source: "event", deliveries: 1, request });
      read.bytes = 0;
      await cases.history(keyArn());
      bytes.push(read.bytes);
    };
    for (let n = 1; n <= 100; n++) await guardOne(n);
    expect(bytes.at(-1)).toBeLessThan(15_000);
    expect((bytes.at(-1) ?? 0) - (bytes[80] ?? 0)).toBeLessThan(100);

    keys.state = "DELETE_PENDING";
    keys.deletePendingAt += 10 * minute;
    time.now += 10 * minute;
    for (const known of [1, 36, 37, 99, 100]) {
      const replayed = deletionRequest({ eventId: eventId(known), at: t0 + known * 10 * minute, replayName: "r" });
      await guardDeletion(guard, { source: "event", deliveries: 1, request: replayed });
    }
    const { newest } = await cases.history(keyArn());
    expect(newest?.chain.entries[0]).toMatchObject({ case: { generation: 101 } });
    expect(newest?.chain.entries.filter((entry) => "request" in entry)).toEqual([]);
  });
});
