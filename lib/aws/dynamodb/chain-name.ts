import { generationOf } from "../../domain/approval/planned-permit.ts";
import { caseNameFrom, caseNameText } from "../../domain/ledger/case-name.ts";
import { permitNameFrom, permitNameText } from "../../domain/ledger/permit-name.ts";
import { type Item, number, text } from "./item.ts";

/**
 * The chains of a stack that go on its audit trail: cases, pauses, and permits that were asked for beforehand. Of a permit that the approvers of a
 * case gave, the case itself tells everything.
 */
export const trailFilter = {
  FilterExpression: "begins_with(pk, :cases) OR pk = :pause OR (begins_with(pk, :permits) AND sk < :zero)",
  ExpressionAttributeValues: {
    ":cases": text("case#"),
    ":pause": text("pause"),
    ":permits": text("permit#"),
    ":zero": number(0),
  },
};

/** The name of the chain that lies at `pk`, `sk`; what cannot be named as one keeps its own. */
export function chainNameAt({ pk, sk }: Item): string {
  const [kind, ...of] = (pk?.S ?? "").split("#");
  const no = sk?.N ?? "";
  if (kind === "permit") return `${of.join("#")}#p${no.replace(/^-/, "")}`;
  return kind === "case" ? `${of.join("#")}#${no}` : `${pk?.S ?? ""}#${no}`;
}

/** Where the chain `name` lies. */
export function placeOfChain(name: string): Item {
  const permit = permitNameFrom(name);
  if (permit !== undefined) return { pk: text(`permit#${permit.keyArn}`), sk: number(generationOf(permit)) };
  const split = name.lastIndexOf("#");
  const [of, no] = [name.slice(0, split), name.slice(split + 1)];
  return { pk: text(of === "pause" ? of : `case#${of}`), sk: { N: no } };
}

/** Whether `name` is a well-formed one. */
export function isChainName(name: string): boolean {
  const named = caseNameFrom(name);
  const permit = permitNameFrom(name);
  return (
    /^pause#\d+$/.test(name) || name === (named && caseNameText(named)) || name === (permit && permitNameText(permit))
  );
}
