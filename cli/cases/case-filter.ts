import { quoted } from "../../lib/domain/printable-text.ts";
import { dayFrom } from "../shell/day-from.ts";
import { filledIn } from "../shell/filled-in.ts";
import { UsageError } from "../shell/input-error.ts";
import { caseStates, type ListedCase } from "./case-list.ts";

/** Which cases a list shows; each field narrows it. */
export interface CaseFilter {
  readonly open?: true;
  readonly key?: string;
  readonly state?: string;
  readonly rule?: string;
  readonly requester?: string;
  readonly since?: string;
}

/** Returns whether a case is shown. Throws a UsageError for an empty text, a state that no case has, and a text that is not a date. */
export function caseFilter({ open, key, state, rule, requester, since }: CaseFilter): (listed: ListedCase) => boolean {
  filledIn({ key, state, rule, requester, since });
  const wanted = state === undefined ? undefined : stateOf(state);
  const from = since === undefined ? 0 : dayFrom(since, "--since");
  return (listed) =>
    (!open || listed.open) &&
    (key === undefined || (listed.case.split("#")[0] ?? "").includes(key)) &&
    (wanted === undefined || listed.state === wanted) &&
    (rule === undefined || listed.rule === rule) &&
    (requester === undefined || [listed.requester, listed.requesterName].some((name) => name.includes(requester))) &&
    // A damaged case has no time, and is shown whatever is asked for.
    (listed.openedAt >= from || listed.state === "damaged");
}

function stateOf(text: string): string {
  if (caseStates.some((each) => each === text)) return text;
  throw new UsageError(`expected one of ${caseStates.join(", ")} for --state, found ${quoted(text)}`);
}
