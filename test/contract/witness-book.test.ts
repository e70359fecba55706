import { CreateTableCommand, PutItemCommand, waitUntilTableExists } from "@aws-sdk/client-dynamodb";
import { describe, expect, it } from "vitest";
import { createWitnessBook } from "../../lib/aws/dynamodb/witness-book.ts";
import { readCheckpoint } from "../../lib/domain/log/checkpoint.ts";
import { readNote } from "../../lib/domain/log/signed-note.ts";
import type { CosignedLog, WitnessBook } from "../../lib/workflows/ports/witness.ts";
import { vectors } from "../domain/log/vectors.ts";
import { createMemoryWitnessBook } from "../doubles/memory-witness-book.ts";
import { startDynalite } from "./dynalite.ts";

const { origin, signed_checkpoint: noteText } = vectors;
const { size, root } = readCheckpoint(readNote(noteText)?.text ?? "") ?? { size: 0, root: Buffer.alloc(0) };
const three: CosignedLog = { size, root, noteText };
const table = "witness";

async function onDynamodb() {
  const { client, stop } = await startDynalite();
  await client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "origin", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "origin", KeyType: "HASH" }],
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 0.05, maxDelay: 0.2 }, { TableName: table });
  return { client, book: createWitnessBook(client, table), stop };
}

function witnessBookContract(start: () => Promise<{ readonly book: WitnessBook; readonly stop: () => Promise<void> }>) {
  it("keeps the first checkpoint of a log, and the next over the one before", async () => {
    const { book, stop } = await start();
    expect(await book.last(origin)).toBeUndefined();
    expect(await book.keep(origin, 0, three)).toBe("kept");
    expect(await book.last(origin)).toEqual(three);
    expect(await book.keep(origin, 3, three)).toBe("kept");
    await stop();
  });

  it("keeps nothing over another checkpoint than the one judged", async () => {
    const { book, stop } = await start();
    expect(await book.keep(origin, 2, three)).toBe("conflict");
    await book.keep(origin, 0, three);
    const other = { ...three, noteText: noteText.replace("AF6QM=", "AF6QA=") };
    expect(await book.keep(origin, 2, other)).toBe("conflict");
    expect(await book.last(origin)).toEqual(three);
    await stop();
  });

  it("counts a repeated write as its own", async () => {
    const { book, stop } = await start();
    await book.keep(origin, 0, three);
    expect(await book.keep(origin, 2, three)).toBe("kept");
    await stop();
  });
}

describe("the memory of a witness, in memory", () => {
  witnessBookContract(async () => ({ book: createMemoryWitnessBook(), stop: async () => {} }));
});

describe("the memory of a witness, on the embedded DynamoDB", () => {
  witnessBookContract(onDynamodb);

  it.each(["", "not a note", noteText.replaceAll(origin, "another.example/log")])(
    "takes an item that it cannot read for no empty memory: %j",
    async (note) => {
      const { client, book, stop } = await onDynamodb();
      await client.send(
        new PutItemCommand({ TableName: table, Item: { origin: { S: origin }, ...(note && { note: { S: note } }) } }),
      );
      await expect(book.last(origin)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
      await stop();
    },
  );
});
