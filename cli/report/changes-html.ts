import { dateAndTime, durationText } from "../../lib/notices/words.ts";
import type { ChangeRow } from "./change-row.ts";
import { type ChangeTotals, changeTotals, totalsByOperation } from "./change-totals.ts";
import { esc } from "./html-text.ts";

/** What the totals of changes count, for people. */
export const changeColumns: readonly (readonly [string, keyof ChangeTotals])[] = [
  ["Changes", "changes"],
  ["Grave", "grave"],
  ["Allowed", "allowed"],
  ["Notified", "notified"],
  ["Reverted", "reverted"],
  ["Left", "left"],
  ["Observed only", "observed"],
  ["Otherwise", "otherwise"],
  ["Hours with more than is recorded", "crowded"],
];

/** Returns the section on changes other than deletions: totals of each operation, and a row for each chain. */
export function changesHtml(rows: readonly ChangeRow[]): string {
  const content = rows.length === 0 ? "<p>None.</p>" : `${totals(rows)}\n${chains(rows)}`;
  return `<section><h2>Changes of keys</h2><p>Calls other than DeleteKey that change a key, its aliases, tags or resource policy, or a setting of the account. Left: the change stands although a rule wants it undone.</p>${content}</section>`;
}

function totals(rows: readonly ChangeRow[]): string {
  const line = (name: string, counts: ChangeTotals) =>
    `<tr><th scope="row">${esc(name)}</th>${changeColumns.map(([, field]) => `<td class="number">${counts[field]}</td>`).join("")}</tr>`;
  const body = totalsByOperation(rows).map(([name, counts]) => line(name, counts));
  return `<table class="cases"><caption class="sr">Changes by operation and outcome</caption>
<thead><tr><th scope="col">Operation</th>${changeColumns.map(([name]) => `<th scope="col">${name}</th>`).join("")}</tr></thead>
<tbody>${[...body, line("Total", changeTotals(rows))].join("\n")}</tbody></table>`;
}

function chains(rows: readonly ChangeRow[]): string {
  const body = rows.map(
    (row) => `<tr>
<th scope="row">${esc(row.operation)}<br><small><code>${esc(row.subject)}</code></small></th>
<td>${dateAndTime(row.changedAt)}<br><small>${esc(row.requesterName)}${row.sourceIp === "" ? "" : ` from ${esc(row.sourceIp)}`}<br>${esc(row.says)}${moreText(row)}</small></td>
<td><code>${esc(row.rule)}</code><br><small>policy ${esc(row.policyHash.slice(0, 12))}${row.mode === "observe" ? ", observing only" : ""}</small></td>
<td>${endText(row)}</td>
</tr>`,
  );
  return `<table class="cases"><caption class="sr">Every chain of changes, oldest first</caption>
<thead><tr><th scope="col">Operation</th><th scope="col">Changed (UTC)</th><th scope="col">Decided by rule</th><th scope="col">End</th></tr></thead>
<tbody>${body.join("\n")}</tbody></table>`;
}

function moreText({ changes, crowded }: ChangeRow): string {
  const more = changes === 1 ? "" : ` and ${changes - 1} more within the hour`;
  return crowded ? `${more}; more followed that are not recorded` : more;
}

function endText({ state, grave, revertedAfterMs, whyLeft }: ChangeRow): string {
  const notes = [
    ...(grave === 0 ? [] : [`${grave} grave`]),
    ...(revertedAfterMs === undefined ? [] : [`reverted after ${durationText(revertedAfterMs)}`]),
    ...(whyLeft === "" ? [] : [`left: ${whyLeft}`]),
  ];
  return `${esc(state)}${notes.length === 0 ? "" : `<br><small>${esc(notes.join("; "))}</small>`}`;
}
