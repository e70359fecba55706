import { csvLine } from "../shell/csv-line.ts";
import type { CaseRow } from "./case-row.ts";

const columns: readonly (readonly [string, (row: CaseRow) => string | number | undefined])[] = [
  ["key_name", (row) => row.title],
  ["case", (row) => row.case],
  ["key_arn", (row) => row.keyArn],
  ["key_usage", (row) => row.usage],
  ["kcv", (row) => row.kcv],
  ["requested_at", (row) => iso(row.requestedAt)],
  ["requester", (row) => row.requester],
  ["requester_name", (row) => row.requesterName],
  ["source_ip", (row) => row.sourceIp],
  ["event_id", (row) => row.eventId],
  ["detected_at", (row) => iso(row.detectedAt)],
  ["detected_by", (row) => row.detectedBy],
  ["delete_pending_at", (row) => iso(row.deletePendingAt)],
  ["outcome", (row) => row.outcome],
  ["rule", (row) => row.rule],
  ["policy_sha256", (row) => row.policyHash],
  ["mode", (row) => row.mode],
  ["approved_by", (row) => row.approvedBy.join(" ")],
  ["kept_by", (row) => row.keptBy.join(" ")],
  ["end", (row) => row.end],
  ["time_to_usable_ms", (row) => row.timeToUsableMs],
  ["allowed_by", (row) => row.allowedBy],
  ["permit", (row) => row.permit],
  ["permit_given_by", (row) => row.permitGivenBy.join(" ")],
  ["confirmed_by_cloudtrail", (row) => row.confirmed],
  ["destroyed_at", (row) => iso(row.destroyedAt)],
  ["destruction_known_by", (row) => row.destructionKnownBy],
  ["entries", (row) => row.entries],
  ["head_sha256", (row) => row.head],
];

/** Returns the first line of a CSV file with the cases of many places. */
export function placesCsvHead(): string {
  return `${csvLine(["place", "account", "region", "stage", ...columns.map(([name]) => name)])}\r\n`;
}

/** Returns the rows of one place as lines of that file. */
export function placeCsv(
  {
    name,
    account,
    region,
    stage,
  }: { readonly name: string; readonly account: string; readonly region: string; readonly stage: string },
  rows: readonly CaseRow[],
): string {
  const lines = rows.map((row) => csvLine([name, account, region, stage, ...columns.map(([, value]) => value(row))]));
  return lines.map((line) => `${line}\r\n`).join("");
}

/** The rows as CSV. */
export function casesCsv(rows: readonly CaseRow[]): string {
  const lines = [columns.map(([name]) => name), ...rows.map((row) => columns.map(([, value]) => value(row)))];
  return lines.map((line) => `${csvLine(line)}\r\n`).join("");
}

function iso(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}
