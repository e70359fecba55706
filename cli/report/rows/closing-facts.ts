import type { LoggedLine } from "../../../lib/domain/log/log-report.ts";
import { isWithin, type Period } from "./period.ts";

/** What the closings of a log show of the control itself, within a period. Times and durations in ms. */
export interface ClosingFacts {
  /** How often the whole table was logged. */
  readonly closings: number;
  readonly longestGapMs: number;
  /** The largest difference between the time of a closing and that at which S3 took its object. */
  readonly largestClockDifferenceMs?: number;
}

/** Collects the closings of a log. */
export class ClosingRows {
  readonly #period: Period;
  #last: number | undefined;
  #closings = 0;
  #longestGapMs = 0;
  #largest: number | undefined;

  constructor(period: Period) {
    this.#period = period;
  }

  take({ entry, modifiedAt }: LoggedLine): void {
    if (entry?.kind !== "closing" || !isWithin(entry.at, this.#period)) return;
    if (modifiedAt !== undefined) this.#largest = Math.max(this.#largest ?? 0, Math.abs(modifiedAt - entry.at));
    if (entry.scope !== "all") return;
    this.#closings += 1;
    if (this.#last !== undefined) this.#longestGapMs = Math.max(this.#longestGapMs, entry.at - this.#last);
    this.#last = entry.at;
  }

  facts(): ClosingFacts {
    const largestClockDifferenceMs = this.#largest;
    return {
      ...{ closings: this.#closings, longestGapMs: this.#longestGapMs },
      ...(largestClockDifferenceMs !== undefined && { largestClockDifferenceMs }),
    };
  }
}
