import { parseKeyArn } from "../../domain/key/key-arn.ts";
import { chainNameFrom, chainSubject, permitChainName } from "../../domain/ledger/chain-name.ts";
import type { PermitId } from "../../domain/ledger/permit-name.ts";
import { type Item, numberValue, stringValue } from "./item.ts";

/**
 * The chains of a stack that go on its audit trail: cases, pauses, other changes, permits that were asked for beforehand, and what concerns the stack. Of a permit that the approvers of a
 * case gave, the case itself tells everything.
 */
export const trailFilter = {
  FilterExpression:
    "begins_with(pk, :cases) OR begins_with(pk, :changes) OR pk = :pause OR (begins_with(pk, :permits) AND sk < :zero) OR begins_with(pk, :calls) OR begins_with(pk, :keys) OR begins_with(pk, :control) OR begins_with(pk, :access) OR pk = :policy",
  ExpressionAttributeValues: {
    ":cases": stringValue("case#"),
    ":changes": stringValue("change#"),
    ":pause": stringValue("pause"),
    ":permits": stringValue("permit#"),
    ":zero": numberValue(0),
    ":calls": stringValue("calls#"),
    ":keys": stringValue("keys#"),
    ":control": stringValue("control#"),
    ":access": stringValue("access#"),
    ":policy": stringValue("policy"),
  },
};

/**
 * Returns the name of the chain that lies at `pk`, `sk`; what cannot be named as one keeps its own, which is no chain's. INVARIANT: two items never
 * have one name, and `keyOfChain` leads back to each: anyone who writes to the table chooses their keys.
 */
export function chainNameAt({ pk, sk }: Item): string {
  const [partition, number] = [pk?.S ?? "", sk?.N ?? ""];
  const name = chainNameFrom(supposedName(partition, number));
  const place: Item = name === undefined ? {} : keyOfChain(name);
  const isThere = name !== undefined && place["pk"]?.S === partition && place["sk"]?.N === number;
  return isThere ? name : `${partition}#${number}`;
}

function supposedName(pk: string, sk: string): string {
  const [kind, ...rest] = pk.split("#");
  const subject = rest.join("#");
  const keyArn = parseKeyArn(subject);
  if (kind === "permit" && keyArn !== undefined) return permitChainName(keyArn, permitIdAt(Number(sk)));
  return kind === "case" ? `${subject}#${sk}` : `${pk}#${sk}`;
}

/** Returns where the chain `name` lies, also one that `chainNameAt` could only name after its item. */
export function keyOfChain(name: string): Item {
  const subject = chainSubject(name);
  switch (subject?.kind) {
    case "case":
      return { pk: stringValue(`case#${subject.name.keyArn}`), sk: numberValue(subject.name.generation) };
    case "permit":
      return { pk: stringValue(`permit#${subject.keyArn}`), sk: numberValue(sortKeyOf(subject.id)) };
    case "change":
      return keyOfOther(name);
    case "pause":
      return { pk: stringValue("pause"), sk: numberValue(subject.number) };
    default:
      return keyOfOther(name);
  }
}

function keyOfOther(name: string): Item {
  const split = name.lastIndexOf("#");
  return { pk: stringValue(name.slice(0, Math.max(0, split))), sk: { N: name.slice(split + 1) } };
}

/** Permits that were requested beforehand are sorted below 0: before those that the approvers of a case gave. */
function sortKeyOf(id: PermitId): number {
  return id.by === "case" ? id.generation : -id.number;
}

function permitIdAt(sortKey: number): PermitId {
  return sortKey < 0 ? { by: "request", number: -sortKey } : { by: "case", generation: sortKey };
}
