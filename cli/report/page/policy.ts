import type { VNode } from "preact";
import type { PolicyRow } from "../rows/policy-row.ts";
import { code, el } from "./element.ts";
import { section, table } from "./table.ts";
import { time } from "./words.ts";

/** Returns the section on the policies by which was decided in the period. */
export function policySection(policies: readonly PolicyRow[]): VNode {
  return section(
    "Policy in force",
    el("p", undefined, "Each policy by its SHA-256, as the decisions name it. `reprieve policy hash` computes it from the file under version control."),
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
  );
}
