import type { Row } from "../parts.ts";
import { hashOf, type Route } from "./route.ts";
import { isAsked } from "./row-words.ts";
import { leftText } from "./words.ts";

/** More are in the list, under "people are asked". */
const maxShown = 20;

/** The questions that wait for people, the next deadline first. */
export function PendingPanel({
  rows,
  route,
  now,
}: {
  readonly rows: readonly Row[];
  readonly route: Route;
  readonly now: number;
}) {
  const waiting = rows
    .filter((row) => isAsked(row, now))
    .toSorted((one, other) => (one.question?.until ?? 0) - (other.question?.until ?? 0));
  return (
    <section class="panel pending" aria-labelledby="pending-title">
      <h2 id="pending-title">Waiting for people{waiting.length === 0 ? "" : ` (${waiting.length})`}</h2>
      {waiting.length === 0 ? <p class="empty">No question is open.</p> : null}
      <ul class="questions">
        {waiting.slice(0, maxShown).map((row) => (
          <li key={`${row.place}/${row.name}`}>
            <a href={hashOf({ chosen: { place: row.place, name: row.name }, filter: route.filter })}>
              <bdi>{row.title}</bdi>
            </a>
            <span>
              <bdi>{row.requesterName || "someone"}</bdi> wants to {row.kind === "permit" ? "change" : "delete"} it:{" "}
              {row.question?.approvedBy.length} of {row.question?.quorum} approvals from {row.question?.from}
            </span>
            <span class="mark warn">{leftText((row.question?.until ?? now) - now)} left</span>
          </li>
        ))}
      </ul>
      {waiting.length > maxShown ? <p class="note">and {waiting.length - maxShown} more in the list</p> : null}
    </section>
  );
}
