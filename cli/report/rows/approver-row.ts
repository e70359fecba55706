import type { Chain } from "../../../lib/domain/ledger/chain.ts";
import { isWithin, type Period } from "./period.ts";

/** A group that a rule asks, with the persons that the policy named when it was asked. */
export interface ApproverRow {
  readonly group: string;
  readonly persons: readonly string[];
  readonly quorum: number;
  /** How many deletions they were asked about. */
  readonly asked: number;
  readonly policyHash: string;
}

/** Collects who was to be asked about deletions. */
export class ApproverRows {
  readonly #found = new Map<string, ApproverRow>();

  take({ entries }: Chain, period: Period): void {
    for (const entry of entries) {
      if (entry.kind !== "decided" || entry.effect.outcome !== "ask" || !isWithin(entry.at, period)) continue;
      const { approval } = entry.effect;
      const row = { group: approval.from, quorum: approval.quorum, persons: entry.approvers ?? [] };
      const name = JSON.stringify([row, entry.policyHash]);
      const asked = (this.#found.get(name)?.asked ?? 0) + 1;
      this.#found.set(name, { ...row, asked, policyHash: entry.policyHash });
    }
  }

  rows(): readonly ApproverRow[] {
    return [...this.#found.values()].sort((a, b) => (a.group < b.group ? -1 : 1));
  }
}
