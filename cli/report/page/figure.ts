import { type Figure, figuresOf } from "../rows/figures.ts";
import type { ReportData } from "../rows/report-data.ts";
import { el } from "./element.ts";
import type { VNode } from "./renderer.mjs";
import { section } from "./table.ts";

const colours = ["c0", "c1", "c2", "c3"];

/** Returns the charts of a report. */
export function figureSections({ rows, permits }: ReportData): readonly VNode[] {
  const requested = rows.filter(({ part }) => part === "requested");
  return figuresOf(requested, permits).map(figure);
}

/** A chart with its numbers beside it: colour is never all that tells. */
function figure({ title, caption, bars }: Figure): VNode {
  const about = el("p", undefined, caption);
  if (bars.length === 0) return section(title, about, el("p", { class: "none" }, "None."));
  const names = [...new Set(bars.flatMap(({ parts }) => parts.map(({ name }) => name)))];
  const most = Math.max(1, ...bars.map(({ parts }) => parts.reduce((sum, { count }) => sum + count, 0)));
  const heads = names.map((name, n) =>
    el("th", { scope: "col", class: "number" }, el("span", { class: `key ${colours[n]}` }), name),
  );
  const rows = bars.map(({ label, parts }) =>
    el(
      "tr",
      undefined,
      el("th", { scope: "row" }, label),
      parts.map(({ name, count }) => el("td", { class: "number", "data-head": name }, count)),
      el(
        "td",
        { class: "chart", "aria-hidden": "true" },
        el(
          "span",
          { class: "bars" },
          parts.map(({ count }, n) =>
            el("span", { class: `bar ${colours[n]}`, style: { width: `${((100 * count) / most).toFixed(2)}%` } }),
          ),
        ),
      ),
    ),
  );
  const head = el("tr", undefined, el("td", undefined), heads, el("td", { class: "chart", "aria-hidden": "true" }));
  return el(
    "div",
    { class: "figure" },
    section(
      title,
      about,
      el(
        "table",
        undefined,
        el("caption", { class: "sr" }, title),
        el("thead", undefined, head),
        el("tbody", undefined, rows),
      ),
    ),
  );
}
