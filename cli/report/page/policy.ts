import type { PolicyRow } from "../rows/policy-row.ts";
import type { ReportData } from "../rows/report-data.ts";
import type { InForceRow } from "../rows/stack-rows.ts";
import { code, el, source } from "./element.ts";
import type { VNode } from "./renderer.mjs";
import { section, table } from "./table.ts";
import { shortHash, time } from "./words.ts";

/** Returns the section on the policies by which was decided in the period. */
export function policySection({ policies, stack }: ReportData): VNode {
  const texts = stack.inForce.filter(({ text }) => text !== "");
  return section(
    "Policy in force",
    el(
      "p",
      undefined,
      "Each policy by its SHA-256, as the decisions name it. `reprieve policy hash` computes it from the file under version control.",
    ),
    table(
      "Policies by which was decided",
      [
        { head: "SHA-256 of the policy", cell: ({ policyHash }: PolicyRow) => code(policyHash) },
        { head: "First decision (UTC)", cell: ({ firstAt }: PolicyRow) => time(firstAt) },
        { head: "Last decision (UTC)", cell: ({ lastAt }: PolicyRow) => time(lastAt) },
        { head: "Decisions on deletions", isNumber: true, cell: ({ deletions }: PolicyRow) => deletions },
        { head: "On other changes", isNumber: true, cell: ({ changes }: PolicyRow) => changes },
        { head: "Observed only", isNumber: true, cell: ({ observed }: PolicyRow) => observed },
      ],
      policies,
    ),
    el("h3", undefined, "Policies by when they came into force"),
    table("Policies in force", inForceColumns, stack.inForce),
    texts.map(({ policyHash, text }) => [
      el("h3", undefined, "Text of the policy ", code(shortHash(policyHash))),
      source(indented(text)),
    ]),
  );
}

const inForceColumns = [
  { head: "SHA-256 of the policy", cell: ({ policyHash }: InForceRow) => code(policyHash) },
  { head: "Since (UTC)", cell: ({ since }: InForceRow) => time(since) },
  { head: "Until (UTC)", cell: ({ until }: InForceRow) => (until === undefined ? "still in force" : time(until)) },
  { head: "Mode", cell: ({ mode }: InForceRow) => mode },
  { head: "Version of reprieve", cell: ({ guardVersion }: InForceRow) => guardVersion },
  {
    head: "Deployed by (claimed, not proven)",
    cell: ({ claimedDeployer }: InForceRow) => claimedDeployer ?? "not stated",
  },
];

/** Returns canonical JSON as people read it; other text as it is. */
function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
