import { foldCase } from "../../domain/case/fold.ts";
import type { Keep } from "../../domain/case/keep.ts";
import type { KeyArn } from "../../domain/key/key-arn.ts";
import type { CaseChange } from "../../workflows/ports/guard.ts";
import { type Item, numberValue, stringValue, type Update } from "./item.ts";

/** Where the latest Keep of a key lies: people may press Keep on the message of any of its cases. */
export const keepKey = (keyArn: KeyArn): Item => ({ pk: stringValue(`keep#${keyArn}`), sk: numberValue(0) });

/** Returns the Keep that `item` holds, the item of a case or of a key, from attributes of its own: it counts even if a case is damaged. */
export function keepIn({ keptAt, keptBy }: Item): Keep | undefined {
  if (keptAt?.N === undefined) return undefined;
  return { at: Number(keptAt.N), by: keptBy?.S ?? "unknown" };
}

/** Returns the Keep that `change` adds to its case. */
export function addedKeep({ chain, expectedLength }: CaseChange): Keep | undefined {
  const keep = foldCase(chain.entries)?.keep;
  const before = keep && foldCase(chain.entries.slice(0, expectedLength))?.keep;
  return keep?.at === before?.at ? undefined : keep;
}

/** Returns the write that makes `keep` the latest of its key, unless a later one is there. */
export function keepInput(keyArn: KeyArn, keep: Keep): Update {
  return {
    Key: keepKey(keyArn),
    UpdateExpression: "SET keptAt = :at, keptBy = :by",
    ConditionExpression: "attribute_not_exists(keptAt) OR keptAt < :at",
    ExpressionAttributeValues: { ":at": numberValue(keep.at), ":by": stringValue(keep.by) },
  };
}
