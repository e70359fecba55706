import { printableText } from "../../lib/domain/printable-text.ts";

/** The most that a cell of a spreadsheet holds (characters). */
const maxCell = 32_767;

/**
 * A character that begins a formula, at the beginning of a cell or after what any spreadsheet takes for a separator: one set to another
 * language splits a line at semicolons, and knows quotes only at the beginning of a cell. The full-width forms count too.
 */
const formulaStart = /(^|[;,|])(\s*)(?=[=+\-@\uff0b\uff0d\uff1d\uff20])/g;

/**
 * Returns one line of CSV (RFC 4180) without a line end. Strangers choose the names in it: controls and text direction are escaped, and what a
 * spreadsheet would take for a formula becomes text.
 */
export function csvLine(values: readonly (string | number | undefined)[]): string {
  return values.map(cell).join(",");
}

function cell(value: string | number | undefined): string {
  if (typeof value === "number") return String(value);
  const text = printableText(value ?? "", maxCell).replace(formulaStart, "$1$2'");
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
