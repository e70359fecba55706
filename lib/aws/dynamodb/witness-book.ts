import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GuardError } from "../../domain/guard-error.ts";
import { readCheckpoint } from "../../domain/log/checkpoint.ts";
import { readNote } from "../../domain/log/signed-note.ts";
import type { CosignedLog, WitnessBook } from "../../workflows/ports/witness.ts";
import { type Item, numberValue, stringValue } from "./item.ts";
import { getItem, saveOnce } from "./store-call.ts";

/** The memory of a witness in a table: one item per log (`origin`), with its size and the cosigned checkpoint. */
export function createWitnessBook(client: DynamoDBClient, table: string): WitnessBook {
  return {
    last: async (origin) => {
      const item = await getItem(client, table, keyOf(origin));
      return item && cosignedIn(item, origin);
    },
    keep: async (origin, before, { size, noteText }) => {
      const update = {
        Key: keyOf(origin),
        UpdateExpression: "SET #size = :size, note = :note",
        ConditionExpression: before === 0 ? "attribute_not_exists(#size) OR #size = :before" : "#size = :before",
        ExpressionAttributeNames: { "#size": "size" },
        ExpressionAttributeValues: {
          ":size": numberValue(size),
          ":before": numberValue(before),
          ":note": stringValue(noteText),
        },
      };
      const isOwn = ({ note }: Item) => note?.S === noteText;
      return (await saveOnce(client, table, update, isOwn)) === "saved" ? "kept" : "conflict";
    },
  };
}

function keyOf(origin: string): Item {
  return { origin: stringValue(origin) };
}

/** INVARIANT: a memory that cannot be read is never taken for none: the witness would cosign a fork. */
function cosignedIn({ note }: Item, origin: string): CosignedLog {
  const noteText = note?.S ?? "";
  const checkpoint = readCheckpoint(readNote(noteText)?.text ?? "");
  if (checkpoint?.origin === origin) return { size: checkpoint.size, root: checkpoint.root, noteText };
  throw new GuardError("STORE_UNAVAILABLE", "retry", `the checkpoint kept of ${origin} is not readable`);
}
