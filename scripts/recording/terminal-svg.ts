import { linesOf, type Span, wrapped } from "./ansi.ts";
import type { Session } from "./session.ts";

const columns = 100;
const [charWidth, rowHeight, padding, bar] = [8.43, 20, 16, 32];
const typedMs = 900;

const style = `
  .ground { fill: #0d1117 } .bar { fill: #21262d } text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #e6edf3; white-space: pre }
  .b { font-weight: 700 } .d { fill: #8b949e } .c31 { fill: #ff7b72 } .c32 { fill: #56d364 } .c33 { fill: #e3b341 } .c34 { fill: #79c0ff } .c35 { fill: #d2a8ff } .c36 { fill: #76e3ea } .c90 { fill: #8b949e }
  .r { animation: show 1ms linear both } @keyframes show { from { opacity: 0 } }
  @media (prefers-reduced-motion: reduce) { .r { animation: none } }`;

/** Returns an SVG of a session in a terminal of 100 columns. Rows appear as they did; without animation, all at once. The same session gives the same bytes. */
export function terminalSvg({ title, command, output }: Session): string {
  const rows = [
    { atMs: 0, spans: [dim("$ "), { ...plain, text: command, bold: true }] },
    ...timed(output).flatMap(({ atMs, spans }) =>
      wrapped(spans, columns, indentOf(spans)).map((row) => ({ atMs, spans: row })),
    ),
  ];
  const width = Math.round(columns * charWidth + 2 * padding);
  const height = bar + rows.length * rowHeight + 2 * padding;
  const texts = rows.map(({ atMs, spans }, n) => rowSvg(spans, bar + padding + (n + 0.75) * rowHeight, atMs));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">
<title>${escaped(title)}</title>
<style>${style}
</style>
<rect class="ground" width="${width}" height="${height}" rx="8"/><path class="bar" d="M0 ${bar}V8a8 8 0 0 1 8-8H${width - 8}a8 8 0 0 1 8 8V${bar}z"/>
${["#ff5f57", "#febc2e", "#28c840"].map((fill, n) => `<circle cx="${20 + n * 20}" cy="16" r="6" fill="${fill}"/>`).join("")}
${texts.join("\n")}
</svg>
`;
}

const plain = { bold: false, dim: false, color: undefined };
const dim = (text: string): Span => ({ ...plain, text, dim: true });

/** Returns the column at which the text of a line begins, so that further rows of it begin there too. */
function indentOf(spans: readonly Span[]): number {
  return /^ *(\+\d+\.\d s +)?/.exec(textOf(spans))?.[0].length ?? 0;
}

function textOf(spans: readonly Span[]): string {
  return spans.map(({ text }) => text).join("");
}

/** Returns each line with the time (ms) at which it appears: that which the demo prints before it, else that of the line before. */
function timed(output: string): readonly { readonly atMs: number; readonly spans: readonly Span[] }[] {
  let atMs = typedMs;
  return linesOf(output).map((spans) => {
    const printed = /^ *\+(\d+\.\d) s/.exec(textOf(spans))?.[1];
    if (printed !== undefined) atMs = Math.round(typedMs + 600 + Number(printed) * 1000);
    return { atMs, spans };
  });
}

function rowSvg(spans: readonly Span[], y: number, atMs: number): string {
  let column = 0;
  const parts = spans.map((span) => {
    const x = (padding + column * charWidth).toFixed(1);
    column += span.text.length;
    const names = [span.bold && "b", span.dim && "d", span.color !== undefined && `c${span.color}`].filter(Boolean);
    return `<tspan x="${x}"${names.length > 0 ? ` class="${names.join(" ")}"` : ""}>${escaped(span.text)}</tspan>`;
  });
  return `<text class="r" y="${y}" style="animation-delay:${atMs}ms">${parts.join("")}</text>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
