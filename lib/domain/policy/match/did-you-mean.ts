/** Returns `; did you mean \`x\`` for the value of `known` that `value` is most likely a slip of, or nothing where none is near. */
export function didYouMean(value: string, known: readonly string[]): string {
  const limit = Math.max(1, Math.floor(value.length / 3));
  let [nearest, least] = ["", limit + 1];
  for (const candidate of known) {
    const slips = value.toLowerCase() === candidate.toLowerCase() ? 0 : slipsBetween(value, candidate, least);
    if (slips < least) [nearest, least] = [candidate, slips];
  }
  return nearest === "" ? "" : `; did you mean \`${nearest}\``;
}

/** Returns the value of `known` that shares most pairs of letters with `value`. */
export function mostAlike(value: string, known: readonly string[]): string {
  const own = pairs(value);
  const shared = (candidate: string) => pairs(candidate).filter((pair) => own.includes(pair)).length;
  return known.reduce((best, candidate) => (shared(candidate) > shared(best) ? candidate : best));
}

function pairs(text: string): string[] {
  const upper = text.toUpperCase();
  return Array.from(upper, (letter, n) => letter + (upper[n + 1] ?? ""));
}

/** Longer texts are not compared: a policy may hold values of any length. */
const maxLength = 80;

/** Returns how many letters are wrong, missing, too many, or swapped with the next; `enough` where that many or more are. */
function slipsBetween(a: string, b: string, enough: number): number {
  if (Math.abs(a.length - b.length) >= enough || a.length > maxLength || b.length > maxLength) return enough;
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, n) => n)];
  const cell = (row: number, column: number) => rows[row]?.[column] ?? 0;
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const edits = [cell(i - 1, j) + 1, (row[j - 1] ?? 0) + 1, cell(i - 1, j - 1) + (same ? 0 : 1)];
      row.push(Math.min(...edits, ...(swapped ? [cell(i - 2, j - 2) + 1] : [])));
    }
  }
  return Math.min(enough, cell(a.length, b.length));
}
