import { dateAndTime } from "../../../lib/notices/words.ts";
import type { CasePart, PeriodEnd } from "../rows/case-totals.ts";

/** How a case stands, for people. */
export const endTexts: Readonly<Record<PeriodEnd, string>> = {
  "key-usable": "Usable again",
  "key-left-disabled": "Restored, left disabled",
  "restored-by-others": "Restored by others",
  "deletion-superseded": "Superseded by another deletion",
  "key-destroyed": "Destroyed",
  open: "Not ended at the end of the period",
  "recorded-after": "First recorded after the period",
};

/** Why a case is in the report, as the head of a column. */
export const partHeads: Readonly<Record<CasePart, string>> = {
  requested: "Requested",
  "carried-over": "Carried over",
  "recorded-late": "Recorded late",
  reopened: "Went on",
};

/** Why a case is in the report, for people. */
export const partTexts: Readonly<Record<CasePart, string>> = {
  requested: "Requested in the period",
  "carried-over": "Requested before the period, not ended when it began",
  "recorded-late": "Requested before the period, first recorded in it",
  reopened: "Ended before the period, and went on in it",
};

/** Returns the day of a time in ISO 8601. */
export function day(isoText: string): string {
  return isoText.startsWith("1970-01-01") ? "the beginning" : isoText.slice(0, 10);
}

/** Returns a time (ms) in UTC, also one that a damaged entry made up. */
export function time(ms: number | undefined): string {
  return ms === undefined ? "" : dateAndTime(ms);
}

/** Returns a SHA-256 short, and still unique on one page. */
export function shortHash(hash: string): string {
  return hash.slice(0, 12);
}
