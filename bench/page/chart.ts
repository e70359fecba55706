/** One bar, drawn to `value`, with a whisker over what lies between `low` and `high`. */
export interface Bar {
  readonly name: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** What stands at its end. */
  readonly text: string;
  /** Which of the two sides it is of. */
  readonly ours: boolean;
}

export interface Chart {
  readonly title: string;
  /** What the axis shows. */
  readonly axis: string;
  readonly scale: "linear" | "log";
  /** Where a line stands across all bars. */
  readonly mark?: number;
  readonly groups: readonly { readonly name: string; readonly bars: readonly Bar[] }[];
}

const width = 860;
const labels = 320;
const right = 120;
const barHeight = 16;
const gap = 4;
const groupHead = 24;
const top = 64;

/** Readable on light and on dark ground: the page's own is not known to an image, so it brings its ground along. */
const style = `
  .ground { fill: #ffffff } text { fill: #1f2328; font: 12px system-ui, sans-serif } .title { font-size: 15px; font-weight: 600 }
  .group { font-weight: 600 } .quiet { fill: #59636e; paint-order: stroke; stroke: #ffffff; stroke-width: 4px } .ours { fill: #0969da } .other { fill: #8c959f } .whisker { stroke: #1f2328 } .line { stroke: #d1d9e0 } .mark { stroke: #cf222e; stroke-dasharray: 4 3 }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #0d1117 } text { fill: #f0f6fc } .quiet { fill: #9198a1; stroke: #0d1117 } .ours { fill: #4493f8 } .other { fill: #656c76 } .whisker { stroke: #f0f6fc } .line { stroke: #3d444d } .mark { stroke: #f85149 }
  }`;

/** Horizontal bars in groups, as SVG. */
export function chartSvg(chart: Chart): string {
  const { title, axis, groups, mark } = chart;
  const x = placeOf(chart);
  let y = top;
  const drawn: string[] = [];
  for (const { name, bars } of groups) {
    drawn.push(textAt(16, y + 14, name, "group"));
    y += groupHead;
    for (const bar of bars) {
      drawn.push(barAt(y, bar, x));
      y += barHeight + gap;
    }
    y += gap * 2;
  }
  const height = y + 12;
  const upright = (at: number, name: string) => `<line class="${name}" x1="${at}" x2="${at}" y1="${top}" y2="${y}"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">
<style>${style}
</style>
<rect class="ground" width="${width}" height="${height}" rx="6"/>
${textAt(16, 28, title, "title")}
${textAt(16, 48, axis, "quiet")}
${upright(labels, "line")}
${mark === undefined ? "" : upright(Number(x(mark).toFixed(1)), "mark")}${drawn.join("\n")}
</svg>
`;
}

/** Where a value lies on the axis: from nothing to the largest, or from a tenth of the smallest on. */
function placeOf({ scale, groups }: Chart): (value: number) => number {
  const all = groups.flatMap(({ bars }) => bars);
  const most = Math.max(...all.flatMap(({ value, high }) => [value, high]));
  const room = width - labels - right;
  if (scale === "linear") return (value) => labels + (room * value) / most;
  const least = Math.min(...all.map(({ value }) => value)) / 3;
  return (value) => labels + room * Math.max(0, Math.log(value / least) / Math.log(most / least));
}

function barAt(y: number, { name, value, low, high, text, ours }: Bar, x: (value: number) => number): string {
  const middle = y + barHeight / 2;
  const [from, to] = [x(low).toFixed(1), x(high).toFixed(1)];
  const whisker =
    low < high
      ? `<line class="whisker" x1="${from}" x2="${to}" y1="${middle}" y2="${middle}" stroke-width="1.5"/>`
      : "";
  const end = Math.max(x(value), x(high)) + 6;
  const bar = `<rect class="${ours ? "ours" : "other"}" x="${labels}" y="${y}" width="${(x(value) - labels).toFixed(1)}" height="${barHeight}"/>`;
  return [
    `<text x="${labels - 8}" y="${y + 12}" text-anchor="end">${escaped(name)}</text>`,
    bar,
    whisker,
    textAt(Number(end.toFixed(1)), y + 12, text, "quiet"),
  ].join("");
}

function textAt(x: number, y: number, text: string, style: string): string {
  return `<text class="${style}" x="${x}" y="${y}">${escaped(text)}</text>`;
}

function escaped(text: string): string {
  return text.replaceAll("`", "").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
