import { type Content, el } from "./element.ts";
import { h, renderToString, type VNode } from "./renderer.mjs";

/** A column of a table: its head, and its cell of a row. The first one is the head of the row. */
export interface Column<Row> {
  readonly head: string;
  readonly cell: (row: Row) => Content;
  readonly isNumber?: true;
}

/** Returns a table, or "None." without rows. On a narrow screen each row is a list of its cells, which bear the heads of their columns. */
export function table<Row>(
  caption: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  last?: readonly Content[],
): VNode {
  if (rows.length === 0) return el("p", { class: "none" }, "None.");
  const heads = columns.map(({ head, isNumber }) =>
    el("th", { scope: "col", class: isNumber ? "number" : undefined }, head),
  );
  const cells = (contentOf: (column: Column<Row>, n: number) => Content) =>
    columns.map((column, n) =>
      n === 0
        ? el("th", { scope: "row" }, contentOf(column, n))
        : el("td", { "data-head": column.head, class: column.isNumber ? "number" : undefined }, contentOf(column, n)),
    );
  const rowOf = (row: Row) =>
    renderToString(
      el(
        "tr",
        undefined,
        cells(({ cell }) => cell(row)),
      ),
    );
  const sums =
    last === undefined
      ? []
      : [
          renderToString(
            el(
              "tr",
              { class: "total" },
              cells((_, n) => last[n]),
            ),
          ),
        ];
  return el(
    "table",
    undefined,
    el("caption", { class: "sr" }, caption),
    el("thead", undefined, el("tr", undefined, heads)),
    // Row by row, so that the elements of ten thousand are never there at once; what they hold is escaped by the renderer all the same.
    h("tbody", { dangerouslySetInnerHTML: { __html: [...joinedRows(rows, rowOf), ...sums].join("") } }),
  );
}

/** So few rows are one text that what is made of them never leaves the young part of the heap. */
const rowsPerText = 16;

/** Returns the texts of the rows, many in one: the renderer's own text of a row is a tree of its pieces, ten times as large. */
function joinedRows<Row>(rows: readonly Row[], rowOf: (row: Row) => string): readonly string[] {
  return Array.from({ length: Math.ceil(rows.length / rowsPerText) }, (_, n) =>
    rows
      .slice(n * rowsPerText, (n + 1) * rowsPerText)
      .map(rowOf)
      .join(""),
  );
}

/** Returns a part of a page, below its heading. */
export function section(title: string, ...content: readonly Content[]): VNode {
  return el("section", undefined, el("h2", undefined, title), ...content);
}

/** Returns terms with what each is. */
export function facts(list: readonly (readonly [string, Content])[]): VNode {
  return el(
    "dl",
    undefined,
    list.map(([term, value]) => el("div", undefined, el("dt", undefined, term), el("dd", undefined, value))),
  );
}
