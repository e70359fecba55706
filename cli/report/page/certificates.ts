import type { Cover } from "../rows/report-data.ts";
import { endFacts, entriesTable, type FullCase, keyFacts } from "./case-facts.ts";
import { code, el } from "./element.ts";
import type { VNode } from "./renderer.mjs";
import { placeText, sheetsText } from "./sheets.ts";
import { blanks } from "./sign-off.ts";
import { facts } from "./table.ts";

/** Returns the certificates: a sheet for each key that was destroyed in the period. */
export function certificatesHtml(cover: Cover, destroyed: readonly FullCase[]): string {
  const paragraphs = [
    `${destroyed.length} keys of ${placeText(cover)}`,
    "Each sheet states what the audit trail has of one key: who requested its destruction, who allowed it, and on what evidence it is known to be gone. The service destroys the key itself, and its own assessment covers that. Copies that were exported, components and material outside of the service are not covered.",
  ];
  const heading = { title: "Destroyed keys", heading: "Records of key destruction", paragraphs };
  return sheetsText(
    cover,
    heading,
    destroyed.map((each, n) => sheet(each, n + 1, cover)),
  );
}

function sheet(destroyed: FullCase, number: number, { verified }: Cover): VNode {
  const { row } = destroyed;
  return el(
    "section",
    { class: "sheet" },
    el("h2", undefined, `${number}: ${row.title}`),
    el("p", undefined, code(row.case)),
    facts([
      ...keyFacts(destroyed),
      ...endFacts(destroyed),
      ["SHA-256 of the last entry shown", code(row.head)],
      ["Root of the log", code(verified.root)],
    ]),
    entriesTable(destroyed),
    blanks(["Custodian", "Date", "Signature"]),
  );
}
