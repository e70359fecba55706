import { useEffect, useRef, useState } from "preact/hooks";
import { durationText } from "../../../lib/notices/words.ts";
import type { Row } from "../parts.ts";

/** Of more cases the newest are drawn; the figures count all. */
const maxDots = 1_000;
const height = 150;
const [left, top, bottom] = [52, 8, 8];
/** From a tenth of a second to a day, each ten times as much as the one before it. */
const [minMs, maxMs] = [100, 86_400_000];
const lines = [
  [1_000, "1 s"],
  [10_000, "10 s"],
  [60_000, "1 min"],
  [300_000, "5 min"],
  [3_600_000, "1 h"],
] as const;

type Dot = readonly [at: number, ms: number];

/** Time from each deletion to the usable key, one dot for each restored key. */
export function UsableChart({ rows }: { readonly rows: readonly Row[] }) {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(600);
  useEffect(() => {
    if (box.current === null) return undefined;
    const resized = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 600)));
    resized.observe(box.current);
    return () => resized.disconnect();
  }, []);
  const dots = rows.flatMap(({ at, timeToUsableMs: ms }) => (ms === undefined ? [] : [[at, ms] as Dot]));
  const text = summaryText(dots);
  return (
    <section class="panel chart" aria-labelledby="chart-title">
      <h2 id="chart-title">Time to usable</h2>
      <p class="note">{text}</p>
      <div ref={box}>{dots.length === 0 ? null : <Dots dots={dots} width={width} text={text} />}</div>
    </section>
  );
}

function Dots({ dots, width, text }: { readonly dots: readonly Dot[]; readonly width: number; readonly text: string }) {
  const drawn = dots.toSorted(([one], [other]) => other - one).slice(0, maxDots);
  const times = drawn.map(([at]) => at);
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const x = (at: number) => left + 6 + (width - left - 16) * (last === first ? 0.5 : (at - first) / (last - first));
  return (
    <svg width={width} height={height} role="img" aria-label={`Time to usable: ${text}`}>
      {lines.map(([ms, label]) => (
        <g key={label} class={label === "5 min" ? "limit" : ""}>
          <line x1={left} x2={width} y1={yOf(ms)} y2={yOf(ms)} />
          <text x={left - 6} y={yOf(ms) + 4}>
            {label}
          </text>
        </g>
      ))}
      {drawn.map(([at, ms], n) => (
        <circle key={n} cx={x(at)} cy={yOf(ms)} r={3} />
      ))}
    </svg>
  );
}

function yOf(ms: number): number {
  const part = Math.log(Math.min(maxMs, Math.max(minMs, ms)) / minMs) / Math.log(maxMs / minMs);
  return top + (height - top - bottom) * (1 - part);
}

function summaryText(dots: readonly Dot[]): string {
  if (dots.length === 0) return "No key came back yet.";
  const sorted = dots.map(([, ms]) => ms).sort((one, other) => one - other);
  const at = (part: number) => durationText(sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0);
  const keys = dots.length === 1 ? "1 restored key" : `${dots.length.toLocaleString("en")} restored keys`;
  return `${keys}: median ${at(0.5)}, 95 % within ${at(0.95)}, slowest ${at(1)}.`;
}
