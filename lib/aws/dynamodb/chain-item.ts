import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { type Chain, readChain } from "../../domain/ledger/chain.ts";
import type { ChainName } from "../../domain/ledger/chain-name.ts";
import { keyOfChain } from "./chain-key.ts";
import { type Item, listValue, numberValue, stringValue, type Update } from "./item.ts";
import { saveOnce } from "./store-call.ts";

/** Returns the chain `name` that `item` holds, or undefined for one that cannot be trusted. */
export function storedChain(item: Item, name: ChainName): Chain | undefined {
  const reading = readChain(
    (item["entries"]?.L ?? []).map(({ S = "" }) => S),
    name,
  );
  return reading.ok && reading.chain.head === item["head"]?.S ? reading.chain : undefined;
}

/** A write to a chain that holds `expectedLength` entries so far; 0 creates it. Its name tells where it lies. */
export interface ChainWrite {
  readonly chain: Chain;
  readonly expectedLength: number;
  /** What the write does to the item's place in the index `byStatus`; nothing where it is absent. */
  readonly schedule?: { readonly status: string; readonly dueAt: number } | "remove";
}

/** Adds entries to a chain, once. */
export async function saveChain(
  client: DynamoDBClient,
  table: string,
  write: ChainWrite,
): Promise<"saved" | "conflict"> {
  return await saveOnce(client, table, chainInput(write), (item) => holdsAdded(item, write));
}

/**
 * Returns whether `item` holds the entries that a write adds, whatever others have added since. INVARIANT: an entry names the hash of the
 * one before it, so the last text identifies all of them.
 */
export function holdsAdded(
  item: Item,
  { chain: { texts }, expectedLength }: Pick<ChainWrite, "chain" | "expectedLength">,
): boolean {
  const stored = item["entries"]?.L ?? [];
  return texts.length > expectedLength && stored[texts.length - 1]?.S === texts.at(-1);
}

/** Returns the conditional write that adds entries to a chain. */
export function chainInput({ chain, expectedLength, schedule }: ChainWrite): Update {
  const due = typeof schedule === "object" ? schedule : undefined;
  const scheduled = due ? ", #status = :status, dueAt = :dueAt" : schedule === "remove" ? " REMOVE #status, dueAt" : "";
  return {
    Key: keyOfChain(chain.name),
    UpdateExpression: `SET entries = list_append(if_not_exists(entries, :none), :added), #version = :version, head = :head${scheduled}`,
    ConditionExpression: expectedLength === 0 ? "attribute_not_exists(pk)" : "#version = :expected",
    ExpressionAttributeNames: { "#version": "version", ...(schedule !== undefined && { "#status": "status" }) },
    ExpressionAttributeValues: {
      ":none": listValue([]),
      ":added": listValue(chain.texts.slice(expectedLength)),
      ":version": numberValue(chain.entries.length),
      ":head": stringValue(chain.head),
      ...(expectedLength > 0 && { ":expected": numberValue(expectedLength) }),
      ...(due && { ":status": stringValue(due.status), ":dueAt": numberValue(due.dueAt) }),
    },
  };
}
