import { durationText } from "../../../lib/notices/words.ts";
import type { PauseRow } from "../rows/pause-row.ts";
import type { ReportData } from "../rows/report-data.ts";
import type { AlarmRow, ExportRow, InventoryRow, RefusedRow } from "../rows/stack-rows.ts";
import { code, el, lines, small } from "./element.ts";
import type { VNode } from "./renderer.mjs";
import { facts, section, table } from "./table.ts";
import { time } from "./words.ts";

/** Returns the section on how the control itself worked: how often the log was closed, and when enforcement was suspended. */
export function controlSection({ closings, pauses, policies, stack }: ReportData): VNode {
  const { longestGapMs, largestClockDifferenceMs: difference } = closings;
  const observed = policies.reduce((sum, each) => sum + each.observed, 0);
  return section(
    "Operation of the control",
    facts([
      ["Closings of the whole table", String(closings.closings)],
      ["Longest time between two", closings.closings < 2 ? "not known" : durationText(longestGapMs)],
      [
        "Largest difference between a closing and S3's time of its object",
        difference === undefined ? "not known" : durationText(difference),
      ],
      ["Decisions that were observed only", String(observed)],
    ]),
    el("h3", undefined, "Failures of controls: alarms from beginning to end"),
    table("Alarms", alarmColumns, stack.alarms),
    el("h3", undefined, "Pauses: enforcement suspended"),
    table("Pauses of the guard", pauseColumns, pauses),
    el("h3", undefined, "Calls that failed"),
    table("Failed calls by principal", refusedColumns, stack.refused),
    stack.refusedMore > 0
      ? el("p", undefined, `${stack.refusedMore} more calls failed and are only counted.`)
      : undefined,
    el("h3", undefined, "Inventory of keys"),
    table("Keys on each day", inventoryColumns, stack.inventory),
    el("h3", undefined, "Exports of the trail that were reported"),
    table("Exports", exportColumns, stack.exports),
  );
}

const pauseColumns = [
  { head: "Pause", cell: ({ number }: PauseRow) => `No. ${number}` },
  {
    head: "Requested",
    cell: ({ requestedAt, requestedBy, reason }: PauseRow) =>
      lines(time(requestedAt), small(`${requestedBy}: ${reason}`)),
  },
  { head: "Approved by", cell: ({ grantedBy }: PauseRow) => (grantedBy === "" ? "nobody approved" : grantedBy) },
  {
    head: "Paused (UTC)",
    cell: ({ from, until, endedBy }: PauseRow) =>
      lines(
        from === undefined || until === undefined ? "not paused" : `${time(from)} to ${time(until)}`,
        endedBy && small(`ended by ${endedBy}`),
      ),
  },
];

const alarmColumns = [
  { head: "Alarm", cell: ({ alarm, reason }: AlarmRow) => lines(alarm, small(reason)) },
  { head: "Began (UTC)", cell: ({ beganAt }: AlarmRow) => (beganAt === undefined ? "not on record" : time(beganAt)) },
  { head: "Ended (UTC)", cell: ({ endedAt }: AlarmRow) => (endedAt === undefined ? "not ended" : time(endedAt)) },
  {
    head: "Length",
    cell: ({ beganAt, endedAt }: AlarmRow) =>
      beganAt === undefined || endedAt === undefined ? "not known" : durationText(endedAt - beganAt),
  },
];

const refusedColumns = [
  { head: "Principal", cell: ({ requester, principal }: RefusedRow) => lines(requester, small(principal)) },
  { head: "Call", cell: ({ operation, errorCode }: RefusedRow) => lines(operation, small(errorCode)) },
  { head: "Calls", isNumber: true as const, cell: ({ calls }: RefusedRow) => calls },
  { head: "First and last (UTC)", cell: ({ firstAt, lastAt }: RefusedRow) => lines(time(firstAt), time(lastAt)) },
];

const inventoryColumns = [
  { head: "Day", cell: ({ day }: InventoryRow) => day },
  { head: "Keys", isNumber: true as const, cell: ({ keys }: InventoryRow) => keys },
  { head: "SHA-256 of the list", cell: ({ sha256 }: InventoryRow) => code(sha256) },
];

const exportColumns = [
  { head: "Person", cell: ({ person }: ExportRow) => person },
  { head: "Time (UTC)", cell: ({ at }: ExportRow) => time(at) },
  { head: "Entries", isNumber: true as const, cell: ({ entries }: ExportRow) => entries },
  { head: "Digest", cell: ({ digest }: ExportRow) => code(digest) },
];
