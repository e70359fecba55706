import { deletionName } from "../../lib/domain/operations/delete/name.ts";
import { operationNames } from "../../lib/domain/operations/registry.ts";
import { quoted } from "../../lib/domain/printable-text.ts";
import { dayFrom } from "../shell/day-from.ts";
import { filledIn } from "../shell/filled-in.ts";
import { UsageError } from "../shell/input-error.ts";
import { type ListedChange, listedStates } from "./change-list.ts";

/** Which changes a list shows; each field narrows it. */
export interface ChangeFilter {
  readonly operation?: string;
  readonly key?: string;
  readonly state?: string;
  readonly since?: string;
}

/** Names the operations whose changes are recorded apart from cases. */
export const changeOperations: readonly string[] = operationNames.filter((name) => name !== deletionName);

/** Returns whether a change is shown. Throws a UsageError for an empty text, an unknown operation or state, and a text that is not a date. */
export function changeFilter({ operation, key, state, since }: ChangeFilter): (listed: ListedChange) => boolean {
  filledIn({ operation, key, state, since });
  oneOf(changeOperations, operation, "--operation");
  oneOf(listedStates, state, "--state");
  const from = since === undefined ? 0 : dayFrom(since, "--since");
  return (listed) =>
    (operation === undefined || listed.operation === operation) &&
    (key === undefined || listed.keyArn.includes(key) || listed.subject.includes(key)) &&
    (state === undefined || listed.state === state) &&
    // Anyone who damages a chain chooses its time: it is shown whatever is asked for.
    (listed.changedAt >= from || listed.state === "damaged");
}

function oneOf(known: readonly string[], text: string | undefined, option: string): void {
  if (text !== undefined && !known.includes(text))
    throw new UsageError(`expected one of ${known.join(", ")} for ${option}, found ${quoted(text)}`);
}
