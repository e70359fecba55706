import type { Row } from "../parts.ts";

/** How rows are sorted. */
export const sorts = {
  newest: "Newest first",
  oldest: "Oldest first",
  deadline: "Next deadline first",
  key: "Key",
  state: "State",
  person: "Person",
  rule: "Rule",
  slowest: "Slowest to usable",
} as const;
export type Sort = keyof typeof sorts;

/** Which rows are shown; each text narrows it, and an empty one does not. */
export interface RowFilter {
  readonly q: string;
  readonly state: string;
  readonly operation: string;
  readonly rule: string;
  readonly person: string;
  readonly place: string;
  /** Days in UTC, such as 2026-07-01; both are part of it. */
  readonly from: string;
  readonly to: string;
  /** `1`: only rows in which something is still to be done or decided. */
  readonly open: string;
  readonly sort: Sort;
}

export const noFilter: RowFilter = {
  ...{ q: "", state: "", operation: "", rule: "", person: "", place: "", from: "", to: "", open: "" },
  sort: "newest",
};

const dayMs = 24 * 60 * 60_000;

/** Returns the rows that a filter shows, sorted as it says. */
export function shownRows(rows: readonly Row[], filter: RowFilter): readonly Row[] {
  const { q, state, operation, rule, person, place, open, sort } = filter;
  const from = dayOf(filter.from) ?? Number.NEGATIVE_INFINITY;
  const to = (dayOf(filter.to) ?? Number.POSITIVE_INFINITY) + dayMs;
  const [wanted, wantedPerson] = [q.trim().toLowerCase(), person.trim().toLowerCase()];
  const isShown = (row: Row) =>
    (state === "" || row.state === state || row.tampered === state) &&
    (operation === "" || row.operation === operation) &&
    (rule === "" || row.rule === rule) &&
    (place === "" || row.place === place) &&
    (open === "" || row.open) &&
    // A damaged chain has no time of its own, and is shown whatever is asked for.
    (row.state === "damaged" || (row.at >= from && row.at < to)) &&
    (wantedPerson === "" || `${row.requester} ${row.requesterName}`.toLowerCase().includes(wantedPerson)) &&
    (wanted === "" || searchText(row).includes(wanted));
  return rows.filter(isShown).toSorted(orders[sort]);
}

const texts = new WeakMap<Row, string>();

function searchText(row: Row): string {
  const known = texts.get(row);
  if (known !== undefined) return known;
  const { title, name, requester, requesterName, rule, usage, state, outcome, place, operation } = row;
  const text = [title, name, requester, requesterName, rule, usage, state, outcome, place, operation].join(" ");
  texts.set(row, text.toLowerCase());
  return text.toLowerCase();
}

function dayOf(text: string): number | undefined {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

type Order = (one: Row, other: Row) => number;
const newest: Order = (one, other) => other.at - one.at || (one.name < other.name ? -1 : 1);
const byText =
  (text: (row: Row) => string): Order =>
  (one, other) =>
    compared(text(one), text(other)) || newest(one, other);

const orders: Readonly<Record<Sort, Order>> = {
  newest,
  oldest: (one, other) => newest(other, one),
  deadline: (one, other) => deadlineOf(one) - deadlineOf(other) || newest(one, other),
  key: byText(({ title }) => title),
  state: byText(({ state }) => state),
  person: byText(({ requesterName }) => requesterName),
  rule: byText(({ rule }) => rule),
  slowest: (one, other) => (other.timeToUsableMs ?? -1) - (one.timeToUsableMs ?? -1) || newest(one, other),
};

function compared(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}

/** A row without a deadline comes last. */
function deadlineOf({ question, deletePendingAt }: Row): number {
  return question?.until ?? deletePendingAt ?? Number.MAX_SAFE_INTEGER;
}
