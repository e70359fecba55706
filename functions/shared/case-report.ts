import type { Entry } from "../../lib/domain/ledger/entry.ts";
import type { CaseFile } from "../../lib/workflows/guard/case-file.ts";
import type { Metrics } from "./metrics.ts";

/** What one run did to one case, for a log line and the metrics. Times in ms. */
export interface CaseReport {
  readonly keyArn: string;
  readonly generation: number;
  readonly entries: readonly Entry["kind"][];
  readonly rule?: string;
  readonly outcome?: string;
  readonly end?: string;
  readonly timeToUsableMs?: number;
  /** Labels that a decision of this run had to do without. */
  readonly unreadable?: readonly string[];
}

/** The report of `file`, or undefined when the run found nothing to add. */
export function reportOf(file: CaseFile): CaseReport | undefined {
  const { added, state } = file;
  if (added.length === 0) return undefined;
  const unreadable = added.flatMap((entry) => (entry.kind === "decided" ? (entry.unreadable ?? []) : []));
  const usable = added.find((entry) => entry.kind === "key-usable");
  return {
    keyArn: state.keyArn,
    generation: state.generation,
    entries: added.map(({ kind }) => kind),
    ...(state.decision && { rule: state.decision.rule, outcome: state.decision.effect.outcome }),
    ...(state.end && { end: state.end }),
    ...(usable?.timeToUsableMs !== undefined && { timeToUsableMs: usable.timeToUsableMs }),
    ...(unreadable.length > 0 && { unreadable }),
  };
}

/** Counts what one report tells. What an entry raises an alarm for is counted where the entry is published: see publish-case.ts. */
export function measure({ count, time }: Metrics, { entries, timeToUsableMs, unreadable }: CaseReport): void {
  if (unreadable !== undefined) count("FactsUnreadable");
  if (entries.includes("key-restored")) count("KeysRestored");
  if (entries.includes("deletion-allowed")) count("DeletionsAllowed");
  if (timeToUsableMs !== undefined) time("TimeToUsable", timeToUsableMs);
}
