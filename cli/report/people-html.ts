import { dateAndTime } from "../../lib/notices/words.ts";
import type { ListedPermit } from "../permits/permit-list.ts";
import { esc } from "./html-text.ts";
import type { PauseRow } from "./pause-row.ts";

/** Returns the section on permits that were requested in advance. */
export function permitsHtml(permits: readonly ListedPermit[]): string {
  const body = permits.map(
    ({ permit, at, requestedBy, principal, person, approvedBy, state, until }) => `<tr>
<th scope="row">${esc(permit)}</th>
<td>${dateAndTime(at)}<br><small>${esc(requestedBy)}</small></td>
<td>${esc(person || "any person")}<br><small>${esc(principal)}</small></td>
<td>${approvedBy.length === 0 ? "nobody" : esc(approvedBy.join(", "))}</td>
<td>${state}<br><small>until ${dateAndTime(until)}</small></td>
</tr>`,
  );
  const table = `<table class="cases"><caption class="sr">Permits that were requested in advance</caption>
<thead><tr><th scope="col">Permit</th><th scope="col">Requested (UTC)</th><th scope="col">For</th><th scope="col">Approved by</th><th scope="col">State</th></tr></thead>
<tbody>${body.join("\n")}</tbody></table>`;
  return `<section><h2>Permits requested in advance</h2>${permits.length === 0 ? "<p>None.</p>" : table}</section>`;
}

/** Returns the section on pauses of the guard. */
export function pausesHtml(pauses: readonly PauseRow[]): string {
  const body = pauses.map(
    ({ number, requestedAt, requestedBy, reason, grantedBy, from, until, endedBy }) => `<tr>
<th scope="row">${number}</th>
<td>${dateAndTime(requestedAt)}<br><small>${esc(requestedBy)}: ${esc(reason)}</small></td>
<td>${grantedBy === "" ? "nobody approved" : esc(grantedBy)}</td>
<td>${from === undefined || until === undefined ? "not paused" : `${dateAndTime(from)} to ${dateAndTime(until)}`}${endedBy === "" ? "" : `<br><small>ended by ${esc(endedBy)}</small>`}</td>
</tr>`,
  );
  const table = `<table class="cases"><caption class="sr">Pauses of the guard</caption>
<thead><tr><th scope="col">No.</th><th scope="col">Requested</th><th scope="col">Approved by</th><th scope="col">Paused (UTC)</th></tr></thead>
<tbody>${body.join("\n")}</tbody></table>`;
  return `<section><h2>Pauses of the guard</h2>${pauses.length === 0 ? "<p>None.</p>" : table}</section>`;
}
