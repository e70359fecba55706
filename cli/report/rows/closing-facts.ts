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

interface Closing {
  readonly at: number;
  readonly isOfAll: boolean;
  readonly differenceMs: number | undefined;
}

/** Collects the closings of a log. */
export class ClosingRows {
  readonly #closings: Closing[] = [];

  take({ entry, modifiedAt }: LoggedLine): void {
    if (entry?.kind !== "closing") return;
    const { at, scope } = entry;
    const differenceMs = modifiedAt === undefined ? undefined : Math.abs(modifiedAt - at);
    this.#closings.push({ at, isOfAll: scope === "all", differenceMs });
  }

  facts(period: Period): ClosingFacts {
    const closings = this.#closings.filter(({ at }) => isWithin(at, period));
    const ofAll = closings.filter(({ isOfAll }) => isOfAll);
    const gaps = ofAll.map(({ at }, n) => at - (ofAll[n - 1]?.at ?? at));
    const differences = closings.flatMap(({ differenceMs }) => differenceMs ?? []);
    return {
      ...{ closings: ofAll.length, longestGapMs: largest(gaps) ?? 0 },
      ...(differences.length > 0 && { largestClockDifferenceMs: largest(differences) ?? 0 }),
    };
  }
}

function largest(values: readonly number[]): number | undefined {
  return values.reduce<number | undefined>((most, each) => Math.max(most ?? each, each), undefined);
}
