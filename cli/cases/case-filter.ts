import { quoted } from "../../lib/domain/printable-text.ts";
import { UsageError } from "../shell/input-error.ts";
import type { ListedCase } from "./case-list.ts";

/** Which cases a list shows; each field narrows it. */
export interface CaseFilter {
  readonly open?: true;
  readonly key?: string;
  readonly state?: string;
  readonly rule?: string;
  readonly requester?: string;
  readonly since?: string;
}

/** Returns whether a case is shown. Throws a UsageError for a text that is not a date. */
export function caseFilter({ open, key, state, rule, requester, since }: CaseFilter): (listed: ListedCase) => boolean {
  const from = since === undefined ? 0 : dayOf(since);
  return (listed) =>
    (!open || listed.open) &&
    (key === undefined || (listed.case.split("#")[0] ?? "").includes(key)) &&
    (state === undefined || listed.state === state) &&
    (rule === undefined || listed.rule === rule) &&
    (requester === undefined || [listed.requester, listed.requesterName].some((name) => name.includes(requester))) &&
    // A damaged case has no time, and is shown whatever is asked for.
    (listed.openedAt >= from || listed.state === "damaged");
}

function dayOf(text: string): number {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw new UsageError(`expected a date such as 2026-07-01 for --since, found ${quoted(text)}`);
  return at;
}
