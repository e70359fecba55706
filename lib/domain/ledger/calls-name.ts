import { principalOf, type Requester } from "../people/requester.ts";
import { maxWhole } from "./bounded-values.ts";
import { sha256Hex } from "./canonical-json.ts";

/** Names the refused calls of one principal within one hour: all of them are one chain. */
export interface CallsName {
  /** The hour of the calls, UTC: `2026-11-29T14`. */
  readonly hour: string;
  /** Stands for the principal: see `principalNumber`. */
  readonly principal: number;
}

/** Returns the hour (UTC) in which `at` (ms since the epoch) lies, as names of chains write it. */
export function hourText(at: number): string {
  return new Date(Math.max(0, Math.min(maxWhole, at))).toISOString().slice(0, 13);
}

/** Returns the number that stands for a principal in names: the first 48 bits of the SHA-256 of its name, so that any name fits and none can be chosen. */
export function principalNumber(requester: Requester): number {
  return Number.parseInt(sha256Hex(principalOf(requester)).slice(0, 12), 16);
}

/** Returns the name of the chain on which a refused call belongs. */
export function callsNameOf({ requester, calledAt }: CallsOf): CallsName {
  return { hour: hourText(calledAt), principal: principalNumber(requester) };
}

interface CallsOf {
  readonly requester: Requester;
  readonly calledAt: number;
}

/** `calls#<hour>#<principal>`. */
export function callsNameText({ hour, principal }: CallsName): string {
  return `calls#${hour}#${principal}`;
}

/** Returns the name that `text` spells, or undefined for anything else. */
export function callsNameFrom(text: string): CallsName | undefined {
  const [, hour = "", principal = ""] = /^calls#(\d{4}-\d\d-\d\dT\d\d)#(0|[1-9]\d{0,14})$/.exec(text) ?? [];
  return isHour(hour) ? { hour, principal: Number(principal) } : undefined;
}

function isHour(text: string): boolean {
  const at = Date.parse(`${text}:00:00Z`);
  return Number.isFinite(at) && hourText(at) === text;
}
