import { type Chain, readChain } from "../domain/audit-chain.ts";
import type { KeyArn } from "../domain/key-arn.ts";
import { foldPermit } from "../domain/permit.ts";
import type { PermitChange } from "../workflows/ports.ts";
import { type Item, list, number, text, type Update } from "./item.ts";

/** The chain of the permit that `item` holds, or undefined for one that cannot be trusted: it permits nothing. */
export function storedPermit(item: Item, keyArn: KeyArn): Chain | undefined {
  const reading = readChain((item["entries"]?.L ?? []).map(({ S = "" }) => S));
  if (!reading.ok || reading.chain.head !== item["head"]?.S) return undefined;
  const permit = foldPermit(reading.chain)?.permit;
  const own = permit?.keyArn === keyArn && permit.generation === Number(item["sk"]?.N);
  return own ? reading.chain : undefined;
}

/** One conditional write to the chain of a permit. */
export function permitInput({ keyArn, generation, chain, expectedLength }: PermitChange): Update {
  return {
    Key: { pk: text(`permit#${keyArn}`), sk: number(generation) },
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
