import type { VNode } from "preact";
import { durationText } from "../../../lib/notices/words.ts";
import { type PauseRow } from "../rows/pause-row.ts";
import type { ReportData } from "../rows/report-data.ts";
import { el, lines, small } from "./element.ts";
import { facts, section, table } from "./table.ts";
import { time } from "./words.ts";

/** Returns the section on how the control itself worked: how often the log was closed, and when enforcement was suspended. */
export function controlSection({ closings, pauses, policies }: ReportData): VNode {
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
    el("h3", undefined, "Pauses: enforcement suspended"),
    table("Pauses of the guard", pauseColumns, pauses),
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
