import type { Chain } from "../../../lib/domain/ledger/chain.ts";
import { isWithin, type Period } from "./period.ts";

/** A policy by which something was decided in the period. Times are ms since the epoch. */
export interface PolicyRow {
  readonly policyHash: string;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly deletions: number;
  readonly changes: number;
  /** How many of them it only observed. */
  readonly observed: number;
}

/** Collects the policies by which was decided. */
export class PolicyRows {
  readonly #found = new Map<string, PolicyRow>();

  take({ entries }: Chain, period: Period): void {
    for (const entry of entries) {
      if ((entry.kind !== "decided" && entry.kind !== "change-judged") || !isWithin(entry.at, period)) continue;
      const { policyHash, at, mode, kind } = entry;
      const known = this.#found.get(policyHash) ?? { deletions: 0, changes: 0, observed: 0, firstAt: at, lastAt: at };
      this.#found.set(policyHash, {
        policyHash,
        firstAt: Math.min(known.firstAt, at),
        lastAt: Math.max(known.lastAt, at),
        deletions: known.deletions + (kind === "decided" ? 1 : 0),
        changes: known.changes + (kind === "decided" ? 0 : 1),
        observed: known.observed + (mode === "observe" ? 1 : 0),
      });
    }
  }

  rows(): readonly PolicyRow[] {
    return [...this.#found.values()].sort((a, b) => a.firstAt - b.firstAt);
  }
}
