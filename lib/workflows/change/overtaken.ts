import { recordedState } from "../../domain/change/change-entries.ts";
import { foldChange } from "../../domain/change/change-state.ts";
import type { Chain } from "../../domain/ledger/chain.ts";
import { type ChangeName, hourOfChange } from "../../domain/ledger/change-name.ts";
import { isUndoing } from "../../domain/policy/change-outcome.ts";
import type { ChangeDeps } from "./change-deps.ts";
import type { Judged } from "./judge.ts";
import { readable } from "./recorded-before.ts";
import type { Sight } from "./see-change.ts";

/**
 * Returns whether a change that nothing had to undo is undone all the same: its record comes after that of a later change, whose revert led back to
 * the state before both. The stack cannot know that beforehand; people have to be notified. Reads the chain of the next hour too, where that has begun.
 */
export async function isOvertaken(
  { book, clock }: Pick<ChangeDeps, "book" | "clock">,
  { operation, seen }: Sight,
  { outcome }: Judged,
  { name, chain }: { readonly name: ChangeName; readonly chain: Chain | undefined },
): Promise<boolean> {
  const { after, at } = seen;
  if (isUndoing(outcome) || operation.revert === undefined || after === undefined) return false;
  const next = hourOfChange(clock()) > name.hour ? await readable(book, { ...name, hour: name.hour + 1 }) : undefined;
  const { sha256 } = recordedState(after);
  return [chain, next].some((each) => each !== undefined && hasUndone(each, at, sha256));
}

/** Whether a call since `at` was undone to another state than the one with this hash. */
function hasUndone(chain: Chain, at: number, sha256: string): boolean {
  const state = foldChange(chain);
  const undone = (state?.detected ?? []).flatMap(({ eventId, changedAt }) =>
    eventId !== undefined && changedAt >= at && state?.reverts.get(eventId) !== "left" ? [eventId] : [],
  );
  return chain.entries.some(
    (entry) => entry.kind === "revert-intended" && undone.includes(entry.eventId ?? "") && entry.to.sha256 !== sha256,
  );
}
