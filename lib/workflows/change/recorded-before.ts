import { recordedState } from "../../domain/change/change-entries.ts";
import { foldChange } from "../../domain/change/change-state.ts";
import { codeOf } from "../../domain/guard-error.ts";
import type { Chain } from "../../domain/ledger/chain.ts";
import { type ChangeName, hourOfChange } from "../../domain/ledger/change-name.ts";
import type { inferOperation } from "../../domain/operations/registry.ts";
import { operations } from "../../domain/operations/registry.ts";
import type { State } from "../../domain/operations/state.ts";
import type { ChangeBook, MissedChange } from "../ports/change.ts";

/** What must have been done to a subject, by the states before and after. */
export type Found = NonNullable<ReturnType<typeof inferOperation>>;

/** Hours before a missed change in which a chain may have recorded it: as far back as a sighting counts. */
const maxHours = 72;

/** Returns the id by which a retry knows what it has recorded. */
export function missedId({ at }: Pick<MissedChange, "at">): string {
  return `inventory-${at}`;
}

/** Returns the chain that this very report has been recorded in already. */
export async function ownChain(
  book: ChangeBook,
  missed: MissedChange,
): Promise<{ readonly name: ChangeName; readonly chain: Chain } | undefined> {
  const { aspect, subject, at } = missed;
  for (const { name: operation } of operations.filter(({ inferred }) => inferred?.aspect === aspect)) {
    const name: ChangeName = { operation, subject, hour: hourOfChange(at) };
    const chain = await readable(book, name);
    if (chain !== undefined && foldChange(chain)?.eventIds.has(missedId(missed))) return { name, chain };
  }
  return undefined;
}

/** Returns whether it is on record, of a call since `since` (ms), that the subject looks like `now`. */
export async function isRecorded(
  book: ChangeBook,
  { subject, at }: MissedChange,
  { operation, call }: Found,
  { now, since }: { readonly now: State; readonly since: number },
): Promise<boolean> {
  const { sha256 } = recordedState(now);
  const last = hourOfChange(at);
  for (let hour = Math.max(hourOfChange(since), last - maxHours); hour <= last; hour++) {
    const chain = await readable(book, { operation: operation.name, subject, hour });
    const isThere = standingEntries(chain).some((entry) => {
      if (entry.kind !== "change-detected" || entry.changedAt < since) return false;
      return entry.after === undefined ? entry.call === call.name : entry.after.sha256 === sha256;
    });
    if (isThere) return true;
  }
  return false;
}

/** What was undone stands no more: the same change after it is another one. */
function standingEntries(chain: Chain | undefined): Chain["entries"] {
  const entries = chain?.entries ?? [];
  return entries.slice(entries.findLastIndex(({ kind }) => kind === "change-reverted") + 1);
}

/** Reads a chain; one that cannot be trusted records nothing. Throws STORE_UNAVAILABLE. */
export async function readable(book: ChangeBook, name: ChangeName): Promise<Chain | undefined> {
  return await book.read(name).catch((error: unknown) => {
    if (codeOf(error) === "CASE_UNREADABLE") return undefined;
    throw error;
  });
}
