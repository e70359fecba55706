import { caseRow } from "../../cli/report/rows/case-row.ts";
import type { Period } from "../../cli/report/rows/period.ts";
import type { Cover, ReportData } from "../../cli/report/rows/report-data.ts";
import type { Verification } from "../../cli/trail/verify-trail.ts";
import { append, type Chain } from "../../lib/domain/ledger/chain.ts";
import type { EntryBody } from "../../lib/domain/ledger/entry.ts";
import type { Reconciliation } from "../../lib/domain/reconcile/result.ts";
import { chainBefore } from "./chain-names.ts";
import { t0 } from "./key-world.ts";

export const always: Period = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };

export const linked: Verification = {
  ...{ verdict: "linked", objects: 3, entries: 12, chains: 2, root: "cm9vdA==", unlogged: 0 },
  ...{ digest: "d".repeat(64), findings: [], found: 0 },
};

export const someCover: Cover = {
  ...{ from: "2024-01-01T00:00:00.000Z", to: "2024-07-01T00:00:00.000Z", madeAt: "2024-07-02T00:00:00.000Z" },
  ...{ account: "111122223333", region: "us-east-1", stack: "dev", version: "0.1.0", guardVersions: ["0.1.0"] },
  ...{ verified: linked, witnesses: [] },
};

/** A report of nothing, but for `over`. */
export function reportOf(over: Partial<ReportData> = {}): ReportData {
  const stack = { refused: [], refusedMore: 0, inForce: [], alarms: [], exports: [], inventory: [] };
  return {
    ...{ cover: someCover, rows: [], exceptions: [], unread: 0, statements: [], policies: [], approvers: [] },
    ...{ pauses: [], permits: [], changes: [], lateChanges: 0, closings: { closings: 0, longestGapMs: 0 }, stack },
    targetMs: 60_000,
    ...over,
  };
}

/** The chain of `bodies`, one second apart, beginning at `from` (ms). */
export function chainOf(bodies: readonly EntryBody[], from = t0): Chain {
  return bodies.reduce<Chain>((chain, body, n) => append(chain, body, from + n * 1000), chainBefore(bodies[0]));
}

/** The row of a case of all time with `bodies`. */
export function rowOf(...bodies: readonly EntryBody[]) {
  const row = caseRow(chainOf(bodies), always);
  if (row === undefined) throw new TypeError("no case");
  return row;
}

/** A reconciliation that found the population complete, but for `over`. */
export function reconciled(over: Partial<Reconciliation> = {}): Reconciliation {
  return {
    ...{ format: "reprieve-reconciliation/1", account: "111122223333", region: "us-east-1", stack: "dev" },
    ...{ from: Date.parse("2024-01-01T00:00:00Z"), to: Date.parse("2024-07-01T00:00:00Z"), verdict: "complete" },
    manifestSha256: "d".repeat(64),
    export: "whole",
    failedCalls: { calls: 0, recorded: 0, counted: 0 },
    population: { events: 4, matched: 4, unmatched: [], duplicates: 1, corrected: 0, failed: 2 },
    coverage: { from: Date.parse("2024-01-01T00:00:00Z"), to: Date.parse("2024-07-01T00:00:00Z"), gaps: [] },
    ...{ classes: [], differences: [], differencesInAll: 0, unread: [] },
    ...over,
  };
}
