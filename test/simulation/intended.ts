import type { SimTable } from "./table/sim-table.ts";

interface Noted {
  readonly kind: string;
  readonly eventId?: string;
}

/** Returns whether it is on record that the stack is about to undo a change of `subject`, or to start it on request. */
export function isIntended(table: SimTable, subject: string): boolean {
  return table
    .listsOf((partition) => partition.startsWith("change#") && partition.endsWith(`#${subject}`))
    .some((texts) => isBegun(texts.map((text) => JSON.parse(text) as Noted)));
}

/** Whether a chain holds an intent whose end it does not hold. */
function isBegun(entries: readonly Noted[]): boolean {
  const begun = new Set<string>();
  for (const { kind, eventId = "" } of entries) {
    if (kind === "revert-intended") begun.add(`revert ${eventId}`);
    else if (kind === "change-reverted" || kind === "revert-left") begun.delete(`revert ${eventId}`);
    else if (kind === "usage-start-intended") begun.add("start");
    else if (kind === "key-usable" || kind === "key-left-disabled") begun.delete("start");
  }
  return begun.size > 0;
}
