import { type Chain, readChain } from "../domain/audit-chain.ts";
import { type Item, list, number, text, type Update } from "./item.ts";

/** The chain that `item` holds, or undefined for one that cannot be trusted. */
export function storedChain(item: Item): Chain | undefined {
  const reading = readChain((item["entries"]?.L ?? []).map(({ S = "" }) => S));
  return reading.ok && reading.chain.head === item["head"]?.S ? reading.chain : undefined;
}

/** One conditional write to the chain of the item `pk`, `sk`, which holds `expectedLength` entries; 0 creates it. */
export function chainInput(pk: string, sk: number, chain: Chain, expectedLength: number): Update {
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
