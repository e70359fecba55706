import type { Entry, EntryOf } from "../ledger/entry.ts";
import { logKinds } from "../ledger/entry-kinds/log.ts";
import { minuteMs } from "../time.ts";
import type { LogFinding } from "./finding.ts";

/** An entry may wait so long (ms) between its time and its write: a function runs 15 min at most. */
const longestRunMs = 15 * minuteMs;
/** Clocks of functions may differ by this (ms), and a scan takes its time. */
const clockSlackMs = 5 * minuteMs;
/** The whole table is logged by the first sweep of an hour that can: two of them, five minutes apart, may fail (ms). */
export const mostBetweenClosingsMs = 75 * minuteMs;

/** The object that an entry is in. */
export interface Surroundings {
  readonly object: number;
  readonly index: number;
  /** Time of the closing that the object ends with (ms), if it can be read. */
  readonly closedAt: number | undefined;
  /** When S3 took the object (ms), if that is known. */
  readonly modifiedAt: number | undefined;
}

/** Checks the times of entries, closings and objects against each other. */
export class TimeChecker {
  readonly #add: (finding: LogFinding) => void;
  /** Of closings of the whole table: the first, and the last so far. */
  firstAllAt: number | undefined;
  lastAllAt: number | undefined;
  /** The time before which no entry may be new. */
  #since: number | undefined;

  constructor(add: (finding: LogFinding) => void) {
    this.#add = add;
  }

  /** Takes an entry of the table that is not in the log, which was read at `now` (ms). */
  takeUnlogged({ at, chain, seq }: Entry, now: number): void {
    // The closings of the log are signed, and the time of the export is not: the maker of the folder chose it.
    if (at < now - mostBetweenClosingsMs || this.#isOlderThanClosing(at))
      this.#add({ finding: "not-logged", chain, seq });
  }

  take(entry: Entry, around: Surroundings): void {
    if (!(entry.kind in logKinds)) this.#takeEntry(entry, around);
    else if (entry.kind === "closing") this.#takeClosing(entry, around);
    // Until the next closing nothing is known of what clocks showed; that is a finding by itself.
    else if (entry.kind === "clock-went-back") this.#since = undefined;
  }

  /** Whether an entry of this time should have been in the table when the whole of it was logged last. */
  #isOlderThanClosing(at: number): boolean {
    return this.#since !== undefined && at < this.#since - longestRunMs;
  }

  #takeEntry({ at, chain, seq }: Entry, { object, index, closedAt }: Surroundings): void {
    const place = { object, index, chain, seq };
    if (this.#isOlderThanClosing(at)) this.#add({ finding: "back-dated", ...place });
    if (closedAt !== undefined && at > closedAt + clockSlackMs) this.#add({ finding: "post-dated", ...place });
  }

  #takeClosing({ at, scope }: EntryOf<"closing">, { object, index, modifiedAt }: Surroundings): void {
    if (modifiedAt !== undefined && (modifiedAt < at - clockSlackMs || modifiedAt > at + longestRunMs + clockSlackMs))
      this.#add({ finding: "clock-differs", object, index, detail: new Date(modifiedAt).toISOString() });
    if (scope !== "all") return;
    if (this.lastAllAt !== undefined && at - this.lastAllAt > mostBetweenClosingsMs)
      this.#add({ finding: "closing-missing", object, detail: new Date(this.lastAllAt).toISOString() });
    this.firstAllAt ??= at;
    this.lastAllAt = at;
    this.#since = at;
  }
}

/** Returns the time of the closing in the last line of an object (ms), if it can be read. */
export function closingTimeIn(line: string | undefined): number | undefined {
  try {
    const { at } = JSON.parse(line ?? "") as { readonly at?: unknown };
    return typeof at === "number" ? at : undefined;
  } catch {
    return undefined;
  }
}
