import { type DifferenceClass, differenceClasses, differenceClassNames } from "./classes.ts";
import type { Difference, Reconciliation, ReconciliationVerdict } from "./result.ts";

/** So many differences are kept to be sorted by time, and so many of them are reported; all are counted. */
const mostKept = 100_000;
export const mostReported = 1_000;

/** Collects differences. */
export class Differences {
  readonly #kept: Difference[] = [];
  readonly #counts = new Map<DifferenceClass, number>();

  add(difference: Difference): void {
    this.#counts.set(difference.class, this.count(difference.class) + 1);
    if (this.#kept.length < mostKept) this.#kept.push(difference);
  }

  count(name: DifferenceClass): number {
    return this.#counts.get(name) ?? 0;
  }

  /** Returns the verdict, where everything else that is needed for a proof is there. */
  verdict(isProven: boolean): ReconciliationVerdict {
    const weights = new Set([...this.#counts.keys()].map((name) => differenceClasses[name].weight));
    if (weights.has("exception")) return "exceptions";
    return isProven && !weights.has("unproven") ? "complete" : "not-proven";
  }

  result(): Pick<Reconciliation, "classes" | "differences" | "differencesInAll"> {
    const classes = differenceClassNames().map((name) => ({
      ...{ class: name, name: differenceClasses[name].name },
      ...{ weight: differenceClasses[name].weight, count: this.count(name) },
    }));
    return {
      classes,
      differences: this.#kept.toSorted((a, b) => a.at - b.at).slice(0, mostReported),
      differencesInAll: classes.reduce((sum, { count }) => sum + count, 0),
    };
  }
}
