import type { ReportData } from "../rows/report-data.ts";
import { casesSection } from "./cases.ts";
import { changesSection } from "./changes.ts";
import { controlSection } from "./control.ts";
import { coverOf } from "./cover.ts";
import { documentText, footerText } from "./document.ts";
import { el, lines, small } from "./element.ts";
import { exceptionsSection } from "./exceptions.ts";
import { figureSections } from "./figure.ts";
import { peopleSection } from "./people.ts";
import { policySection } from "./policy.ts";
import { populationSection } from "./population.ts";
import type { VNode } from "./renderer.mjs";
import { signOffSection } from "./sign-off.ts";
import { section, table } from "./table.ts";
import { usableSection } from "./usable.ts";
import { day } from "./words.ts";

/** Names of the pages beside the report, below the same folder. */
export const workPapersFile = "work-papers.html";
export const certificatesFile = "certificates.html";

/** Returns the report: one page for a screen and for paper. */
export function reportHtml(data: ReportData): string {
  const { cover, rows, changes, lateChanges, targetMs, unread } = data;
  const { verified } = cover;
  return documentText(
    `Deletions of payment keys, ${day(cover.from)} to ${day(cover.to)}`,
    footerText(verified),
    coverOf(data),
    el(
      "main",
      undefined,
      populationSection(rows, unread),
      exceptionsSection(data),
      controlSection(data),
      policySection(data),
      peopleSection(data),
      usableSection(rows, targetMs),
      figureSections(data),
      sampleSection(data),
      certificatesSection(data),
      casesSection(rows),
      changesSection(changes, lateChanges),
      signOffSection(),
    ),
  );
}

function sampleSection({ sample, rows }: ReportData): VNode | undefined {
  if (sample === undefined) return undefined;
  const { draw, rows: samples } = sample;
  const population = rows.filter(({ part }) => part === "requested").length;
  return section(
    "Samples",
    el(
      "p",
      undefined,
      `${samples.length} of ${population} deletions that were requested in the period: the first ${draw.size} in the order of SHA-256(seed || name of the case), with the seed ${JSON.stringify(draw.seed)}.`,
    ),
    el("p", undefined, el("a", { href: workPapersFile }, "Work papers")),
    table(
      "Samples",
      [
        { head: "Key", cell: ({ title }) => title },
        { head: "Case", cell: (row) => small(row.case) },
      ],
      samples,
    ),
  );
}

function certificatesSection({ rows }: ReportData): VNode {
  const destroyed = rows.filter(({ end }) => end === "key-destroyed");
  const link =
    destroyed.length === 0
      ? ""
      : el("a", { href: certificatesFile }, `${destroyed.length} certificates, one for each key`);
  return section("Destroyed keys", el("p", undefined, lines(destroyed.length === 0 ? "None." : link)));
}
