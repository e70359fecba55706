import { useMemo } from "preact/hooks";
import type { Row } from "../parts.ts";
import { download } from "./download.ts";
import { FilterControls } from "./filter-controls.tsx";
import { hashOf, type Route } from "./route.ts";
import { noFilter, type RowFilter, shownRows } from "./row-filter.ts";
import { isAsked, stateAt, stateText, toneOf } from "./row-words.ts";
import { rowsCsv } from "./rows-csv.ts";
import { useWindow } from "./window-of.ts";
import { leftText, minuteOf } from "./words.ts";

const rowHeight = 64;

interface RowsProps {
  readonly rows: readonly Row[];
  readonly route: Route;
  readonly filterBy: (change: Partial<RowFilter>) => void;
  readonly now: number;
  /** Shown where there is no row at all. */
  readonly empty: string;
}

/** Every case and change that the filter shows; only those in sight are drawn. */
export function RowsPanel({ rows, route, filterBy, now, empty }: RowsProps) {
  const shown = useMemo(() => shownRows(rows, route.filter), [rows, route.filter]);
  const { ref, from, to } = useWindow<HTMLDivElement>(shown.length, rowHeight);
  const count = `${shown.length.toLocaleString("en")} of ${rows.length.toLocaleString("en")}`;
  const isMany = rows.some(({ place }) => place !== "");
  return (
    <section class="panel list" aria-labelledby="rows-title">
      <div class="heading">
        <h2 id="rows-title">Cases and changes</h2>
        <p role="status">{count}</p>
        <SaveButtons rows={shown} />
      </div>
      <FilterControls {...{ rows, filter: route.filter, filterBy }} />
      {shown.length > 0 ? null : (
        <p class="empty">
          {rows.length === 0 ? empty : "No case or change matches. "}
          {rows.length === 0 ? null : (
            <button type="button" class="small" onClick={() => filterBy(noFilter)}>
              Show all
            </button>
          )}
        </p>
      )}
      <div class="rows" ref={ref}>
        <ol
          aria-label={`${shown.length} cases and changes`}
          style={{ paddingTop: `${from * rowHeight}px`, paddingBottom: `${(shown.length - to) * rowHeight}px` }}
        >
          {shown.slice(from, to).map((row, n) => (
            <RowLine
              key={`${row.place}/${row.name}`}
              {...{ row, route, now, isMany, place: from + n + 1, count: shown.length }}
            />
          ))}
        </ol>
      </div>
    </section>
  );
}

function SaveButtons({ rows }: { readonly rows: readonly Row[] }) {
  return (
    <p class="buttons">
      <button type="button" class="small" onClick={() => download("cases.csv", "text/csv", rowsCsv(rows))}>
        Save as CSV
      </button>
      <button
        type="button"
        class="small"
        onClick={() => download("cases.json", "application/json", `${JSON.stringify(rows, null, 2)}\n`)}
      >
        Save as JSON
      </button>
    </p>
  );
}

interface LineProps extends Pick<RowsProps, "route" | "now"> {
  readonly row: Row;
  readonly isMany: boolean;
  readonly place: number;
  readonly count: number;
}

function RowLine({ row, route, now, isMany, place, count }: LineProps) {
  const { title, name, at, operation, requesterName, rule, outcome, kind } = row;
  const isChosen = route.chosen?.name === name && route.chosen.place === row.place;
  const decided = kind === "case" ? (outcome === "" ? "not decided" : `${outcome} by ${rule}`) : outcome;
  return (
    <li class={isChosen ? "case-row chosen" : "case-row"} aria-posinset={place} aria-setsize={count}>
      <a
        href={hashOf({ chosen: { place: row.place, name }, filter: route.filter })}
        aria-current={isChosen ? "page" : undefined}
      >
        <strong>
          <bdi>{title}</bdi>
        </strong>
        <small>
          {isMany ? `${row.place} · ` : ""}
          {at === 0 ? "time unknown" : minuteOf(at)} · {operation} · <bdi>{requesterName || "requester unknown"}</bdi>
        </small>
      </a>
      <span class="standing">
        <StateMark row={row} now={now} />
        <small>
          <bdi>{decided}</bdi>
        </small>
      </span>
    </li>
  );
}

/** How a row stands, and how much time is left where something ends. */
export function StateMark({ row, now }: { readonly row: Row; readonly now: number }) {
  const until = row.question?.until ?? row.deletePendingAt;
  return (
    <span class={`mark ${toneOf({ ...row, state: stateAt(row, now) })}`}>
      {stateText(stateAt(row, now))}
      {row.open && (row.kind !== "permit" || isAsked(row, now)) && until !== undefined ? (
        <span class="left"> {leftText(until - now)}</span>
      ) : null}
    </span>
  );
}
