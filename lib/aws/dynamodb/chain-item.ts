import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { type Chain, readChain } from "../../domain/ledger/chain.ts";
import { type Item, list, number, text, type Update } from "./item.ts";
import { saveOnce } from "./store-call.ts";

/** The chain that `item` holds, or undefined for one that cannot be trusted. */
export function storedChain(item: Item): Chain | undefined {
  const reading = readChain((item["entries"]?.L ?? []).map(({ S = "" }) => S));
  return reading.ok && reading.chain.head === item["head"]?.S ? reading.chain : undefined;
}

/** A write to the chain of the item `pk`, `sk`, which holds `expectedLength` entries so far; 0 creates it. */
export interface ChainWrite {
  readonly pk: string;
  readonly sk: number;
  readonly chain: Chain;
  readonly expectedLength: number;
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
export function chainInput({ pk, sk, chain, expectedLength }: ChainWrite): Update {
  return {
    Key: { pk: text(pk), sk: number(sk) },
    UpdateExpression:
      "SET entries = list_append(if_not_exists(entries, :none), :added), #version = :version, head = :head",
    ConditionExpression: expectedLength === 0 ? "attribute_not_exists(pk)" : "#version = :expected",
    ExpressionAttributeNames: { "#version": "version" },
    ExpressionAttributeValues: {
      ":none": list([]),
      ":added": list(chain.texts.slice(expectedLength)),
      ":version": number(chain.entries.length),
      ":head": text(chain.head),
      ...(expectedLength > 0 && { ":expected": number(expectedLength) }),
    },
  };
}
