import type { Measured } from "./measured.ts";
import { otherText, oursText, ratioText, spreadText, targetText, verdictText } from "./numbers.ts";
import type { Result } from "./result.ts";

type Cell = readonly [string, (result: Result) => string];

const columns: readonly Cell[] = [
  ["ours", oursText],
  ["reference", (result) => (result.other === undefined ? "" : `${otherText(result)}, ${result.other.reference}`)],
  ["ratio", ratioText],
  ["target", targetText],
  ["", verdictText],
  ["spread", spreadText],
];

/** The rows of all results, under the names of the columns. */
export function rowsOf(measured: readonly Measured[]): readonly (readonly string[])[] {
  const rows = measured.flatMap(({ name, results }) =>
    results.map((result) => [`${name}: ${result.name}`, ...columns.map(([, cell]) => cell(result))]),
  );
  return [["", ...columns.map(([title]) => title)], ...rows];
}

/** For a terminal, each column as wide as it has to be. */
export function tableText(measured: readonly Measured[]): string {
  const rows = rowsOf(measured);
  const widths = rows[0]?.map((_, n) => Math.max(...rows.map((row) => row[n]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, n) => cell.padEnd(widths[n] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
