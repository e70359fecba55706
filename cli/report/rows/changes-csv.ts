import type { ChangeRow } from "./change-row.ts";
import { type Columns, csvOf, isoTime } from "./csv-table.ts";

/** The columns of `changes.csv`. */
export const changesColumns: Columns<ChangeRow> = [
  ["name", (row) => row.title],
  ["change", (row) => row.change],
  ["operation", (row) => row.operation],
  ["subject", (row) => row.subject],
  ["key_arn", (row) => row.keyArn],
  ["changed_at", (row) => isoTime(row.changedAt)],
  ["changes", (row) => row.changes],
  ["more_not_recorded", (row) => String(row.crowded)],
  ["grave", (row) => row.grave],
  ["state", (row) => row.state],
  ["allowed", (row) => row.ends.allowed],
  ["notified", (row) => row.ends.notified],
  ["reverted", (row) => row.ends.reverted],
  ["left", (row) => row.ends.left],
  ["observed", (row) => row.ends.observed],
  ["says", (row) => row.says],
  ["requester", (row) => row.requester],
  ["requester_name", (row) => row.requesterName],
  ["source_ip", (row) => row.sourceIp],
  ["event_id", (row) => row.eventId],
  ["rule", (row) => row.rule],
  ["policy_sha256", (row) => row.policyHash],
  ["mode", (row) => row.mode],
  ["reverted_after_ms", (row) => row.revertedAfterMs],
  ["why_left", (row) => row.whyLeft],
  ["entries", (row) => row.entries],
  ["head_sha256", (row) => row.head],
];

/** Returns the rows as CSV. */
export function changesCsv(rows: readonly ChangeRow[]): string {
  return csvOf(changesColumns, rows);
}
