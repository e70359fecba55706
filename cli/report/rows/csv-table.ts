import { csvLine } from "../../shell/csv-line.ts";

/** The columns of a CSV file: each with its name and its value of a row. */
export type Columns<Row> = readonly (readonly [string, (row: Row) => string | number | undefined])[];

/** What tells the rows of one place from those of another. */
interface Place {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly stage: string;
}

/** Returns the rows as CSV, below their columns. */
export function csvOf<Row>(columns: Columns<Row>, rows: readonly Row[]): string {
  const head = csvLine(columns.map(([name]) => name));
  const lines = rows.map((row) => csvLine(columns.map(([, value]) => value(row))));
  return [head, ...lines, ""].join("\r\n");
}

/** Returns the first line of a CSV file with the rows of many places. */
export function placesCsvHead<Row>(columns: Columns<Row>): string {
  return `${csvLine(["place", "account", "region", "stage", ...columns.map(([name]) => name)])}\r\n`;
}

/** Returns the rows of one place as lines of that file. */
export function placeCsv<Row>(
  columns: Columns<Row>,
  { name, account, region, stage }: Place,
  rows: readonly Row[],
): string {
  const lines = rows.map((row) => csvLine([name, account, region, stage, ...columns.map(([, value]) => value(row))]));
  return lines.map((line) => `${line}\r\n`).join("");
}

/** Returns a time (ms since the epoch) in ISO 8601. */
export function isoTime(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}
