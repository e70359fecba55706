import { csvLine } from "../../shell/csv-line.ts";
import type { Row } from "../parts.ts";

type Column = readonly [string, (row: Row) => string | number | undefined];

const time = (ms: number | undefined) => (ms === undefined || ms === 0 ? undefined : new Date(ms).toISOString());

const columns: readonly Column[] = [
  ["place", ({ place }) => place],
  ["name", ({ title }) => title],
  ["case", ({ name }) => name],
  ["key_arn", ({ keyArn }) => keyArn],
  ["key_usage", ({ usage }) => usage],
  ["operation", ({ operation }) => operation],
  ["at", ({ at }) => time(at)],
  ["state", ({ state, tampered }) => tampered ?? state],
  ["open", ({ open }) => String(open)],
  ["outcome", ({ outcome }) => outcome],
  ["rule", ({ rule }) => rule],
  ["requester", ({ requester }) => requester],
  ["requester_name", ({ requesterName }) => requesterName],
  ["delete_pending_at", ({ deletePendingAt }) => time(deletePendingAt)],
  ["decide_until", ({ question }) => time(question?.until)],
  ["approved_by", ({ question }) => question?.approvedBy.join(" ")],
  ["time_to_usable_ms", ({ timeToUsableMs }) => timeToUsableMs],
  ["entries", ({ entries }) => entries],
];

/** Returns rows as CSV, below their columns. Strangers choose the names in it: no cell becomes a formula. */
export function rowsCsv(rows: readonly Row[]): string {
  const lines = [columns.map(([name]) => name), ...rows.map((row) => columns.map(([, value]) => value(row)))];
  return lines.map((line) => `${csvLine(line)}\r\n`).join("");
}
