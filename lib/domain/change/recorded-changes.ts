import type { Chain } from "../ledger/chain.ts";
import type { EntryOf } from "../ledger/entry.ts";

/** How a change ended, from the one that asks most of people to the one that asks least. */
export const changeStates = [
  ...(["left", "reverting", "observed", "notified", "started", "reverted", "as-before", "allowed"] as const),
] as const;

/**
 * `left`: it stands although a rule wants it undone. `reverting`: the result is not on record. `observed`: a rule would undo it, and the stack
 * observes or is paused. `notified`: people were notified, and nothing is to be undone. `started`: people had
 * the stopped key started. `as-before`: there was nothing to undo any more.
 */
export type ChangeEnd = (typeof changeStates)[number];

/** One change of a chain, with all that followed from it. */
export interface RecordedOne {
  readonly detected: EntryOf<"change-detected">;
  readonly judged?: EntryOf<"change-judged">;
  readonly end?: EntryOf<"change-reverted"> | EntryOf<"revert-left">;
  /** People had the key, which it stopped, started. */
  readonly started?: EntryOf<"key-usable">;
}

/** Returns the changes of a chain, the oldest first; none of a chain that holds no changes. */
export function recordedChanges({ entries }: Pick<Chain, "entries">): readonly RecordedOne[] {
  const changes: RecordedOne[] = [];
  for (const entry of entries) {
    const last = changes.at(-1);
    if (entry.kind === "change-detected") changes.push({ detected: entry });
    else if (last !== undefined && entry.kind === "change-judged") changes.splice(-1, 1, { ...last, judged: entry });
    else if (last !== undefined && entry.kind === "key-usable") changes.splice(-1, 1, { ...last, started: entry });
    else if (entry.kind === "change-reverted" || entry.kind === "revert-left") withEnd(changes, entry);
  }
  return changes;
}

function withEnd(changes: RecordedOne[], end: NonNullable<RecordedOne["end"]>): void {
  const at = changes.findLastIndex(({ detected }) => end.eventId === undefined || detected.eventId === end.eventId);
  const change = changes[at];
  if (change !== undefined) changes.splice(at, 1, { ...change, end });
}

/** Returns how one change ended. */
export function endOf({ judged, end, started }: RecordedOne): ChangeEnd {
  if (started !== undefined) return "started";
  if (end?.kind === "revert-left" && end.why === "overtaken") return "left";
  if (judged?.outcome === "allow") return "allowed";
  if (judged?.outcome === "notify") return "notified";
  if (end === undefined) return "reverting";
  if (end.kind === "change-reverted") return "reverted";
  if (end.why === "observe" || end.why === "paused") return "observed";
  return end.stands ? "left" : "as-before";
}

/** Returns the end, among those of `changes`, that asks most of people; `reverting` if there are no changes. */
export function worstEnd(changes: readonly RecordedOne[]): ChangeEnd {
  const ends = new Set(changes.map(endOf));
  return changeStates.find((state) => ends.has(state)) ?? "reverting";
}
