import { csvLine } from "../../shell/csv-line.ts";
import type { Terminal } from "../../shell/terminal.ts";
import type { Printer } from "./printer.ts";
import { textPrinter } from "./text-printer.ts";

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
