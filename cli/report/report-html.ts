import type { Verdict } from "../../lib/domain/log/finding.ts";
import { dateAndTime, durationText } from "../../lib/notices/words.ts";
import type { ListedPermit } from "../permits/permit-list.ts";
import { findingText } from "../trail/finding-text.ts";
import type { Verification } from "../trail/verify-trail.ts";
import type { CaseRow } from "./case-row.ts";
import { caseTotals } from "./case-totals.ts";
import type { ChangeRow } from "./change-row.ts";
import { changesHtml } from "./changes-html.ts";
import { type Figure, figuresOf } from "./figures.ts";
import { day, esc } from "./html-text.ts";
import { pageHead } from "./page-head.ts";
import type { PauseRow } from "./pause-row.ts";
import { pausesHtml, permitsHtml } from "./people-html.ts";

/** What the report is of, and whether its source was whole. */
export interface ReportOf {
  readonly from: string;
  readonly to: string;
  readonly source: string;
  readonly madeAt: string;
  readonly verified: Verification;
}

/** A page that needs nothing but itself: no script, no network; it prints to A4. */
export function reportHtml(
  rows: readonly CaseRow[],
  pauses: readonly PauseRow[],
  permits: readonly ListedPermit[],
  changes: readonly ChangeRow[],
  header: ReportOf,
): string {
  return `${pageHead(`Deletions of payment keys, ${esc(day(header.from))} to ${esc(day(header.to))}`)}
<body>
<header>
<h1>Deletions of payment keys</h1>
<p>${esc(day(header.from))} to ${esc(day(header.to))} (UTC) · ${esc(header.source)} · made ${esc(header.madeAt)}</p>
${verdictOf(header.verified)}
</header>
<main>
${summary(rows)}
${figuresOf(rows, permits).map(figure).join("\n")}
${permitsHtml(permits)}
${pausesHtml(pauses)}
${cases(rows)}
${changesHtml(changes)}
</main>
</body>
</html>
`;
}

function summary(rows: readonly CaseRow[]): string {
  const { deletions, usable: usableAgain, leftDisabled, destroyed, otherwise, open } = caseTotals(rows);
  const usable = rows.flatMap(({ timeToUsableMs }) => timeToUsableMs ?? []).sort((a, b) => a - b);
  const median = usable[Math.floor(usable.length / 2)];
  const facts: readonly (readonly [string, string])[] = [
    ["scheduled deletions", String(deletions)],
    ["distinct keys", String(new Set(rows.map(({ keyArn }) => keyArn)).size)],
    ["usable again", String(usableAgain)],
    ["restored, left disabled", String(leftDisabled)],
    ["destroyed", String(destroyed)],
    ["ended otherwise", String(otherwise)],
    ["not ended yet", String(open)],
    ["median time to usable", median === undefined ? "none" : durationText(median)],
  ];
  return `<section><h2>Summary</h2><dl>${facts.map(([term, value]) => `<div><dt>${term}</dt><dd>${value}</dd></div>`).join("")}</dl></section>`;
}

const colours = ["c0", "c1", "c2", "c3"];

/** A chart with its numbers beside it: colour is never all that tells. */
function figure({ title, caption: note, bars }: Figure): string {
  const names = [...new Set(bars.flatMap(({ parts }) => parts.map(({ name }) => name)))];
  const most = Math.max(1, ...bars.map(({ parts }) => parts.reduce((sum, { count }) => sum + count, 0)));
  const head = names
    .map((name, n) => `<th scope="col"><span class="key ${colours[n]}"></span>${esc(name)}</th>`)
    .join("");
  const rows = bars
    .map(({ label, parts }) => {
      const cells = parts.map(({ count }) => `<td class="number">${count}</td>`).join("");
      const drawn = parts
        .map(
          ({ count }, n) =>
            `<span class="bar ${colours[n]}" style="width:${((100 * count) / most).toFixed(2)}%"></span>`,
        )
        .join("");
      return `<tr><th scope="row">${esc(label)}</th>${cells}<td class="chart" aria-hidden="true"><span class="bars">${drawn}</span></td></tr>`;
    })
    .join("\n");
  const table = `<table><caption class="sr">${esc(title)}</caption><thead><tr><th></th>${head}<th class="chart" aria-hidden="true"></th></tr></thead><tbody>${rows}</tbody></table>`;
  return `<section class="figure"><h2>${esc(title)}</h2><p>${esc(note)}</p>${bars.length === 0 ? "<p>None.</p>" : table}</section>`;
}

function cases(rows: readonly CaseRow[]): string {
  const body = rows.map(
    (row) => `<tr>
<th scope="row">${esc(row.title)}<br><small><code>${esc(row.case.split("/").at(-1) ?? "")}</code><br>${esc(row.usage)}<br>KCV ${esc(row.kcv)}</small></th>
<td>${dateAndTime(row.requestedAt ?? row.detectedAt)}<br><small>${esc(row.requesterName)}${row.sourceIp === "" ? "" : `<br>from ${esc(row.sourceIp)}`}</small></td>
<td>${esc(row.outcome)} by <code>${esc(row.rule)}</code><br><small>policy ${esc(row.policyHash.slice(0, 12))}${row.mode === "observe" ? ", observing only" : ""}</small></td>
<td>${people(row)}</td>
<td>${esc(row.end)}${row.timeToUsableMs === undefined ? "" : `<br><small>usable after ${esc(durationText(row.timeToUsableMs))}</small>`}${destruction(row)}</td>
</tr>`,
  );
  return `<section><h2>Every case</h2><table class="cases"><caption class="sr">Every case, oldest first</caption>
<thead><tr><th scope="col">Key</th><th scope="col">Deletion requested</th><th scope="col">Decided</th><th scope="col">Votes</th><th scope="col">End</th></tr></thead>
<tbody>${body.join("\n")}</tbody></table></section>`;
}

const verdicts: Readonly<Record<Verdict, string>> = {
  whole: "The export behind this report is whole, and the expected key signed all of it.",
  linked: "Nothing was found changed in the export behind this report, but that is not proven.",
  damaged: "<strong>The export behind this report is damaged.</strong>",
};

function verdictOf({ verdict, entries, root, anchor, digest, findings, found }: Verification): string {
  const listed = findings.map((finding) => `<li>${esc(findingText(finding))}</li>`).join("");
  const more = found > findings.length ? `<li>and ${found - findings.length} more</li>` : "";
  const covered =
    anchor === undefined ? "No checkpoint covers it." : `The last checkpoint covers ${anchor.size} of them.`;
  return `<div class="${verdict === "damaged" ? "damaged" : "whole"}"><p>${verdicts[verdict]}<br>
${entries} entries, root <code>${esc(root)}</code>. ${covered}<br>SHA-256 of its manifest: <code>${esc(digest)}</code></p>
${listed === "" ? "" : `<ul>${listed}${more}</ul>`}</div>`;
}

function people({ approvedBy, keptBy, permit, permitGivenBy }: CaseRow): string {
  return [
    ...(approvedBy.length > 0 ? [`approve: ${esc(approvedBy.join(", "))}`] : []),
    ...(permit === "" ? [] : [`permit #${esc(permit.split("#").at(-1) ?? "")}: ${esc(permitGivenBy.join(", "))}`]),
    ...(keptBy.length > 0 ? [`keep: ${esc(keptBy.join(", "))}`] : []),
  ].join("<br>");
}

function destruction({ destroyedAt, destructionKnownBy, allowedBy, confirmed }: CaseRow): string {
  if (destroyedAt === undefined) return "";
  const allowed =
    allowedBy === "" ? "" : `allowed by ${allowedBy}${confirmed === "confirmed" ? ", confirmed by CloudTrail" : ""}; `;
  return `<br><small>${esc(allowed)}known ${dateAndTime(destroyedAt)} by ${esc(destructionKnownBy)}</small>`;
}
