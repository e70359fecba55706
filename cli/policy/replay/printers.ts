import { csvLine } from "../../shell/csv-line.ts";
import type { Terminal } from "../../shell/terminal.ts";
import type { ReplayCounts, SkippedFile } from "./replay.ts";
import type { ReplayedCall } from "./replayed-call.ts";
import type { Tally } from "./tally.ts";
import { textPrinter } from "./text-printer.ts";

/** What a replay found, in all. */
export interface Summary {
  readonly counts: ReplayCounts;
  readonly changed: number;
  readonly compared: boolean;
  readonly skipped: readonly SkippedFile[];
  readonly tallies: Readonly<Record<"operations" | "decisions" | "changes" | "requesters" | "usages", Tally>>;
}

/** How a replay is printed: each call, and what they are in all. */
export interface Printer {
  readonly head: () => void;
  readonly call: (call: ReplayedCall) => void;
  readonly summary: (summary: Summary) => void;
}

const formats = ["text", "csv", "json"] as const;
type Format = (typeof formats)[number];

/** Returns whether `text` names a format. */
export function isFormat(text: string): text is Format {
  return formats.some((format) => format === text);
}

/** Returns what prints a replay in a format. */
export function printerOf(format: Format, context: Terminal): Printer {
  const { print } = context;
  switch (format) {
    case "csv":
      return {
        head: () =>
          print(csvLine(["at", "operation", "subject", "key_usage", "requester", "decision", "before", "event_id"])),
        call: ({ at, operation, subject, usage, requester, decision, before, eventId }) =>
          print(csvLine([new Date(at).toISOString(), operation, subject, usage, requester, decision, before, eventId])),
        summary: () => {},
      };
    case "json":
      return {
        head: () => {},
        call: (call) => print(JSON.stringify(call)),
        summary: ({ counts, changed, compared, skipped, tallies }) => {
          const tops = Object.entries(tallies).map(([name, tally]) => [name, Object.fromEntries(tally.top())]);
          print(
            JSON.stringify({
              summary: { ...counts, ...(compared && { changed }), skipped, ...Object.fromEntries(tops) },
            }),
          );
        },
      };
    case "text":
      return textPrinter(context);
  }
}
