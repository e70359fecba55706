import type { Cover } from "../rows/report-data.ts";
import { endFacts, entriesTable, type FullCase, keyFacts } from "./case-facts.ts";
import { documentText, footerText } from "./document.ts";
import { code, el } from "./element.ts";
import type { VNode } from "./renderer.mjs";
import { blanks } from "./sign-off.ts";
import { facts } from "./table.ts";
import { day } from "./words.ts";

/** Returns the certificates: a sheet for each key that was destroyed in the period. */
export function certificatesHtml(cover: Cover, destroyed: readonly FullCase[]): string {
  return documentText(
    `Destroyed keys, ${day(cover.from)} to ${day(cover.to)}`,
    footerText(cover.verified),
    el(
      "header",
      undefined,
      el("h1", undefined, "Records of key destruction"),
      el(
        "p",
        undefined,
        `${destroyed.length} keys of ${cover.account} ${cover.region} ${cover.stack}, ${cover.from} to ${cover.to}`,
      ),
      el(
        "p",
        undefined,
        "Each sheet states what the audit trail has of one key: who requested its destruction, who allowed it, and on what evidence it is known to be gone. The service destroys the key itself, and its own assessment covers that. Copies that were exported, components and material outside of the service are not covered.",
      ),
    ),
    el(
      "main",
      undefined,
      destroyed.map((each, n) => sheet(each, n + 1, cover)),
    ),
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
