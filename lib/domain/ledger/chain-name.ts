import type { KeyArn } from "../key/key-arn.ts";
import { type CallsName, callsNameFrom, callsNameText } from "./calls-name.ts";
import { type CaseName, caseNameFrom, caseNameText } from "./case-name.ts";
import { type ChangeName, changeNameFrom, changeNameText } from "./change-name.ts";
import { type DayName, dayNameFrom, dayNameText } from "./day-name.ts";
import { type PermitId, permitNameFrom, permitText } from "./permit-name.ts";

declare const brand: unique symbol;

/** The name of a chain, which every entry of it carries: an entry that is moved to another chain names the wrong one. */
export type ChainName = string & { readonly [brand]: "ChainName" };

/** What a chain holds. */
export type ChainSubject =
  | { readonly kind: "case"; readonly name: CaseName }
  | { readonly kind: "permit"; readonly keyArn: KeyArn; readonly id: PermitId }
  | { readonly kind: "pause"; readonly number: number }
  | { readonly kind: "change"; readonly name: ChangeName }
  | { readonly kind: "calls"; readonly name: CallsName }
  | { readonly kind: "day"; readonly name: DayName }
  | { readonly kind: "policy"; readonly number: number }
  | { readonly kind: "log" };

/** Ends the name of the chain of a permit that the approvers of a case gave: the case has a chain of its own. */
const permitOfCase = "#permit";

/** `<key ARN>#<generation>`. */
export function caseChainName(name: CaseName): ChainName {
  return caseNameText(name) as ChainName;
}

/** `<key ARN>#p<number>`, or `<key ARN>#<generation>#permit` for one that the approvers of a case gave. */
export function permitChainName(keyArn: KeyArn, id: PermitId): ChainName {
  return `${permitText(keyArn, id)}${id.by === "case" ? permitOfCase : ""}` as ChainName;
}

/** `pause#<number>`. */
export function pauseChainName(number: number): ChainName {
  return `pause#${number}` as ChainName;
}

/** `change#<operation>#<subject>#<hour>`. */
export function changeChainName(name: ChangeName): ChainName {
  return changeNameText(name) as ChainName;
}

/** `calls#<hour>#<principal>`. */
export function callsChainName(name: CallsName): ChainName {
  return callsNameText(name) as ChainName;
}

/** `<series>#<day>#<number>`. */
export function dayChainName(name: DayName): ChainName {
  return dayNameText(name) as ChainName;
}

/** `policy#<number>`. */
export function policyChainName(number: number): ChainName {
  return `policy#${number}` as ChainName;
}

/** The chain of what the log says of itself. It exists in the log alone, never in the table. */
export const logChainName = "log" as ChainName;

/** Returns what the chain `name` holds, or undefined for any other text. */
export function chainSubject(name: string): ChainSubject | undefined {
  if (name === logChainName) return { kind: "log" };
  const numbered = /^(pause|policy)#([1-9]\d{0,8})$/.exec(name);
  if (numbered !== null) return { kind: numbered[1] === "pause" ? "pause" : "policy", number: Number(numbered[2]) };
  const calls = callsNameFrom(name);
  if (calls !== undefined) return { kind: "calls", name: calls };
  const ofDay = dayNameFrom(name);
  if (ofDay !== undefined) return { kind: "day", name: ofDay };
  const change = changeNameFrom(name);
  if (change !== undefined) return { kind: "change", name: change };
  const planned = permitNameFrom(name);
  if (planned !== undefined)
    return { kind: "permit", keyArn: planned.keyArn, id: { by: "request", number: planned.number } };
  const isPermit = name.endsWith(permitOfCase);
  const named = caseNameFrom(isPermit ? name.slice(0, -permitOfCase.length) : name);
  if (named === undefined) return undefined;
  const { keyArn, generation } = named;
  return isPermit ? { kind: "permit", keyArn, id: { by: "case", generation } } : { kind: "case", name: named };
}

/** Returns `text` as the name of a chain, or undefined for anything else. */
export function chainNameFrom(text: string): ChainName | undefined {
  return chainSubject(text) === undefined ? undefined : (text as ChainName);
}
