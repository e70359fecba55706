import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { saveInput } from "../../lib/aws/dynamodb/case-item.ts";
import { chainInput } from "../../lib/aws/dynamodb/chain-item.ts";
import type { Item } from "../../lib/aws/dynamodb/item.ts";
import { GuardError } from "../../lib/domain/guard-error.ts";
import type { Chain } from "../../lib/domain/ledger/chain.ts";
import type { CaseChange } from "../../lib/workflows/ports/guard.ts";

/** What one item of DynamoDB may hold: names and values, in UTF-8 bytes. */
const maxItemBytes = 400 * 1024;

/** Bytes of `item` as DynamoDB counts them (Developer Guide, "DynamoDB item sizes and formats"). */
export function itemBytes(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0);
}

function valueBytes({ S, N, L, SS }: AttributeValue): number {
  if (S !== undefined) return Buffer.byteLength(S);
  if (N !== undefined) return Math.ceil(N.length / 2) + 1;
  if (SS !== undefined) return SS.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return 3 + (L ?? []).reduce((sum, value) => sum + 1 + valueBytes(value), 0);
}

/** The item that a case is after `change`, with its claim and its cursor. */
export function caseItem(change: CaseChange): Item {
  const { Key, ExpressionAttributeValues: values = {} } = saveInput({ ...change, expectedLength: 0 });
  return { ...Key, ...named(values), published: { N: "1" }, anchored: { N: "1" } };
}

/** The item of a chain of its own: a permit or a pause. */
export function chainItem(chain: Chain): Item {
  const { Key, ExpressionAttributeValues: values = {} } = chainInput({ chain, expectedLength: 0 });
  return { ...Key, ...named(values), anchored: { N: "1" } };
}

/** Attributes by their own names. */
function named({ ":none": _none, ":added": entries = { L: [] }, ...others }: Item): Item {
  return { entries, ...Object.fromEntries(Object.entries(others).map(([name, value]) => [name.slice(1), value])) };
}

/** Refuses the change of a case that DynamoDB would refuse. Most are too short to be counted. */
export function refuseTooLargeCase(change: CaseChange): void {
  const characters = change.chain.texts.reduce((sum, { length }) => sum + length, 0);
  if (characters * 3 > maxItemBytes / 2) refuseTooLarge(caseItem(change));
}

/** Refuses what DynamoDB refuses, as the adapter reports it. */
export function refuseTooLarge(item: Item): void {
  if (itemBytes(item) <= maxItemBytes) return;
  const cause = Object.assign(new Error("Item size to update has exceeded the maximum allowed size"), {
    name: "ValidationException",
  });
  throw new GuardError("STORE_UNAVAILABLE", "retry", "the case store cannot be reached", { cause });
}
