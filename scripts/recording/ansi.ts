/** Text of one look. `color` is the number of an ANSI color (30 to 37, 90 to 97), or undefined for the terminal's own. */
export interface Span {
  readonly text: string;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly color: number | undefined;
}

type Look = Omit<Span, "text">;

const plain: Look = { bold: false, dim: false, color: undefined };
const introducer = "\u001b[";

/** Returns the spans of each line of a terminal's output. Throws on an escape sequence that is not a color. */
export function linesOf(output: string): readonly (readonly Span[])[] {
  let look = plain;
  return output.split("\n").map((line) => {
    const [first = "", ...rest] = line.split(introducer);
    const spans: Span[] = [{ text: first, ...look }];
    for (const part of rest) {
      const [, codes = "", text = ""] = /^([\d;]*)m(.*)$/.exec(part) ?? [];
      if (!part.startsWith(`${codes}m`))
        throw new Error(`unknown escape sequence: ${JSON.stringify(part.slice(0, 8))}`);
      look = codes.split(";").map(Number).reduce(withCode, look);
      spans.push({ text, ...look });
    }
    return spans.filter(({ text }) => text !== "");
  });
}

function withCode(look: Look, code: number): Look {
  if (code === 0) return plain;
  if (code === 1) return { ...look, bold: true };
  if (code === 2) return { ...look, dim: true };
  if (code === 22) return { ...look, bold: false, dim: false };
  if (code === 39) return { ...look, color: undefined };
  if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) return { ...look, color: code };
  throw new Error(`unknown color code: ${code}`);
}

/** Returns `line` in rows of at most `columns` characters, broken at spaces; rows after the first are indented by `indent` spaces. */
export function wrapped(line: readonly Span[], columns: number, indent: number): readonly (readonly Span[])[] {
  const words = line.flatMap((span) => (span.text.match(/\s*\S+|\s+$/g) ?? []).map((text) => ({ ...span, text })));
  const rows: Span[][] = [[]];
  let used = 0;
  for (const word of words) {
    const fits = used === 0 || used + word.text.length <= columns;
    const text = fits ? word.text : `${" ".repeat(indent)}${word.text.trimStart()}`;
    if (!fits) rows.push([]);
    rows.at(-1)?.push({ ...word, text });
    used = (fits ? used : 0) + text.length;
  }
  return rows;
}
