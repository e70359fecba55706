import { quoted } from "../../lib/domain/printable-text.ts";
import { UsageError } from "./input-error.ts";

/** Returns when a day begins (ms since the epoch, UTC), as of `2026-07-01`. Throws a UsageError for anything else. */
export function dayFrom(text: string, option: string): number {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  // The 30th of February would be read as a day in March.
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== text)
    throw new UsageError(`expected a date such as 2026-07-01 for ${option}, found ${quoted(text)}`);
  return at;
}
