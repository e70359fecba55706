import { wellFormed } from "../well-formed.ts";

/** Longest text (bytes as canonical JSON) in one field of an entry: 500 characters of any script. */
export const maxFieldBytes = 1_536;

/** Largest number in an entry, either way: the last ms of the year 9999, so that every time can be shown, and added to. */
export const maxWhole = 253_402_300_799_999;

/**
 * Returns `value` with every text in it cut to `maxFieldBytes` and every number rounded to an integer up to `maxWhole`, as the schemas of entries demand.
 * Names of fields stay as they are.
 */
export function boundedValues<Value>(value: Value): Value {
  return bounded(value) as Value;
}

function bounded(value: unknown): unknown {
  if (typeof value === "string") return wellFormed(value, maxFieldBytes);
  if (typeof value === "number") return boundedWhole(value);
  if (Array.isArray(value)) return value.map(bounded);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, bounded(field)]));
}

function boundedWhole(value: number): number {
  return Math.max(-maxWhole, Math.min(maxWhole, Math.round(value)));
}
