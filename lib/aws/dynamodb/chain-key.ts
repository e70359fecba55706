import { parseKeyArn } from "../../domain/key/key-arn.ts";
import { chainSubject, permitChainName } from "../../domain/ledger/chain-name.ts";
import type { PermitId } from "../../domain/ledger/permit-name.ts";
import { type Item, numberValue, stringValue } from "./item.ts";

/**
 * The chains of a stack that go on its audit trail: cases, pauses, and permits that were asked for beforehand. Of a permit that the approvers of a
 * case gave, the case itself tells everything.
 */
export const trailFilter = {
  FilterExpression: "begins_with(pk, :cases) OR pk = :pause OR (begins_with(pk, :permits) AND sk < :zero)",
  ExpressionAttributeValues: {
    ":cases": stringValue("case#"),
    ":pause": stringValue("pause"),
    ":permits": stringValue("permit#"),
    ":zero": numberValue(0),
  },
};

/** Returns the name of the chain that lies at `pk`, `sk`; what cannot be named as one keeps its own. */
export function chainNameAt({ pk, sk }: Item): string {
  const [kind, ...rest] = (pk?.S ?? "").split("#");
  const [subject, number] = [rest.join("#"), sk?.N ?? ""];
  const keyArn = parseKeyArn(subject);
  if (kind === "permit" && keyArn !== undefined) return permitChainName(keyArn, permitIdAt(Number(number)));
  return kind === "case" ? `${subject}#${number}` : `${pk?.S ?? ""}#${number}`;
}

/** Returns where the chain `name` lies, also one that `chainNameAt` could only name after its item. */
export function keyOfChain(name: string): Item {
  const subject = chainSubject(name);
  switch (subject?.kind) {
    case "case":
      return { pk: stringValue(`case#${subject.name.keyArn}`), sk: numberValue(subject.name.generation) };
    case "permit":
      return { pk: stringValue(`permit#${subject.keyArn}`), sk: numberValue(sortKeyOf(subject.id)) };
    case "pause":
      return { pk: stringValue("pause"), sk: numberValue(subject.number) };
    default:
      return keyOfOther(name);
  }
}

function keyOfOther(name: string): Item {
  const split = name.lastIndexOf("#");
  const partition = name.slice(0, split);
  const isWhole = partition === "pause" || partition.startsWith("permit#");
  return { pk: stringValue(isWhole ? partition : `case#${partition}`), sk: { N: name.slice(split + 1) } };
}

/** Permits that were requested beforehand are sorted below 0: before those that the approvers of a case gave. */
function sortKeyOf(id: PermitId): number {
  return id.by === "case" ? id.generation : -id.number;
}

function permitIdAt(sortKey: number): PermitId {
  return sortKey < 0 ? { by: "request", number: -sortKey } : { by: "case", generation: sortKey };
}
