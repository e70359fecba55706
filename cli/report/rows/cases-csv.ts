import type { CaseRow } from "./case-row.ts";
import { type Columns, csvOf, isoTime } from "./csv-table.ts";

/** The columns of `cases.csv`. */
export const casesColumns: Columns<CaseRow> = [
  ["key_name", (row) => row.title],
  ["case", (row) => row.case],
  ["key_arn", (row) => row.keyArn],
  ["key_usage", (row) => row.usage],
  ["kcv", (row) => row.kcv],
  ["counted_as", (row) => row.part],
  ["counted_at", (row) => isoTime(row.countedAt)],
  ["requested_at", (row) => isoTime(row.requestedAt)],
  ["requester", (row) => row.requester],
  ["requester_name", (row) => row.requesterName],
  ["source_ip", (row) => row.sourceIp],
  ["event_id", (row) => row.eventId],
  ["detected_at", (row) => isoTime(row.detectedAt)],
  ["detected_by", (row) => row.detectedBy],
  ["delete_pending_at", (row) => isoTime(row.deletePendingAt)],
  ["outcome", (row) => row.outcome],
  ["rule", (row) => row.rule],
  ["policy_sha256", (row) => row.policyHash],
  ["mode", (row) => row.mode],
  ["approved_by", (row) => row.approvedBy.join(" ")],
  ["kept_by", (row) => row.keptBy.join(" ")],
  ["end", (row) => row.end],
  ["end_later", (row) => row.endLater],
  ["time_to_usable_ms", (row) => row.timeToUsableMs],
  ["usable_known_by", (row) => row.usableKnownBy],
  ["allowed_by", (row) => row.allowedBy],
  ["permit", (row) => row.permit],
  ["permit_given_by", (row) => row.permitGivenBy.join(" ")],
  ["confirmed_by_cloudtrail", (row) => row.confirmed],
  ["destroyed_at", (row) => isoTime(row.destroyedAt)],
  ["destruction_known_by", (row) => row.destructionKnownBy],
  ["damaged", (row) => String(row.damaged)],
  ["entries", (row) => row.entries],
  ["head_sha256", (row) => row.head],
];

/** Returns the rows as CSV. */
export function casesCsv(rows: readonly CaseRow[]): string {
  return csvOf(casesColumns, rows);
}
