/** One line of CSV (RFC 4180). What a spreadsheet would take for a formula is made text: names are chosen by strangers. */
export function csvLine(values: readonly (string | number | undefined)[]): string {
  return values.map(cell).join(",");
}

function cell(value: string | number | undefined): string {
  const text = String(value ?? "");
  const formulaEscaped = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(formulaEscaped) ? `"${formulaEscaped.replaceAll('"', '""')}"` : formulaEscaped;
}
