import { sha256Hex } from "../../../lib/domain/ledger/canonical-json.ts";
import type { Cover } from "../rows/report-data.ts";
import type { Draw } from "../rows/sample.ts";
import { endFacts, entriesTable, type FullCase, keyFacts } from "./case-facts.ts";
import { code, el } from "./element.ts";
import type { VNode } from "./renderer.mjs";
import { placeText, sheetsText } from "./sheets.ts";
import { blanks } from "./sign-off.ts";
import { facts } from "./table.ts";

/** A case that was drawn, and where the proofs of its entries are. */
export interface Paper extends FullCase {
  /** A folder beside the page, or why it could not be made. */
  readonly proofs: { readonly folder: string } | { readonly none: string };
}

/** Returns the work papers: a sheet for each case that was drawn. */
export function workPapersHtml(cover: Cover, draw: Draw, papers: readonly Paper[]): string {
  const count = `${papers.length} deletions of ${placeText(cover)}, drawn by the seed ${JSON.stringify(draw.seed)}`;
  return sheetsText(
    cover,
    { title: "Work papers", heading: "Work papers", paragraphs: [count] },
    papers.map((paper, n) => sheet(paper, n + 1, papers.length, draw)),
  );
}

function sheet(paper: Paper, number: number, total: number, { seed }: Draw): VNode {
  const { row, proofs } = paper;
  const where =
    "folder" in proofs
      ? el("p", undefined, "Each entry has a proof that stands alone: ", code(proofs.folder))
      : el("p", undefined, `No proofs: ${proofs.none}.`);
  return el(
    "section",
    { class: "sheet" },
    el("h2", undefined, `${number} of ${total}: ${row.title}`),
    el("p", undefined, code(row.case)),
    facts([
      ...keyFacts(paper),
      ...endFacts(paper),
      ["SHA-256 of the last entry shown", code(row.head)],
      ["Order in the draw", code(sha256Hex(`${seed}${row.case}`))],
    ]),
    entriesTable(paper),
    where,
    blanks(["Inspected by", "Date", "Result"]),
  );
}
