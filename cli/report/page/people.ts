import type { ListedPermit } from "../../permits/permit-list.ts";
import type { CaseRow } from "../rows/case-row.ts";
import type { ReportData } from "../rows/report-data.ts";
import { code, el, lines, small } from "./element.ts";
import type { VNode } from "./renderer.mjs";
import { section, table } from "./table.ts";
import { shortHash, time } from "./words.ts";

/** Returns the section on people: who was asked, who requested deletions, and what everyone stated. */
export function peopleSection({ approvers, rows, statements, permits }: ReportData): VNode {
  return section(
    "People",
    el("h3", undefined, "Groups that were asked"),
    table(
      "Groups that were asked",
      [
        { head: "Group", cell: ({ group }) => group },
        { head: "Persons when it was asked", cell: ({ persons }) => persons.join(", ") || "none on record" },
        { head: "Quorum", isNumber: true, cell: ({ quorum }) => quorum },
        { head: "Deletions", isNumber: true, cell: ({ asked }) => asked },
        { head: "Policy", cell: ({ policyHash }) => code(shortHash(policyHash)) },
      ],
      approvers,
    ),
    el("h3", undefined, "Requesters of deletions"),
    table(
      "Requesters of deletions",
      [
        { head: "Requester", cell: ({ name, principal }) => lines(name, small(principal)) },
        { head: "Deletions requested in the period", isNumber: true, cell: ({ deletions }) => deletions },
      ],
      requesters(rows),
    ),
    el("h3", undefined, "Reasons and tickets"),
    table(
      "Statements of persons",
      [
        { head: "About", cell: ({ about, chain }) => lines(about, about === chain ? "" : small(code(chain))) },
        { head: "Time (UTC)", cell: ({ at }) => time(at) },
        { head: "Person", cell: ({ person }) => person },
        { head: "Statement", cell: ({ does, refused }) => lines(does, refused && small(`does not count: ${refused}`)) },
        { head: "Reason or ticket", cell: ({ reason }) => reason || "none" },
      ],
      statements,
    ),
    el("h3", undefined, "Permits requested in advance"),
    table("Permits that were requested in advance", permitColumns, permits),
  );
}

interface Requesters {
  readonly name: string;
  readonly principal: string;
  readonly deletions: number;
}

function requesters(rows: readonly CaseRow[]): readonly Requesters[] {
  const found = new Map<string, Requesters>();
  for (const { part, requester, requesterName } of rows) {
    if (part !== "requested") continue;
    const key = JSON.stringify([requester, requesterName]);
    const deletions = (found.get(key)?.deletions ?? 0) + 1;
    found.set(key, { name: requesterName, principal: requester, deletions });
  }
  return [...found.values()].sort((a, b) => b.deletions - a.deletions);
}

const permitColumns = [
  { head: "Permit", cell: ({ permit }: ListedPermit) => permit },
  { head: "Requested (UTC)", cell: ({ at, requestedBy }: ListedPermit) => lines(time(at), small(requestedBy)) },
  {
    head: "For",
    cell: ({ person, principal }: ListedPermit) => lines(person || "any person", small(principal)),
  },
  { head: "Approved by", cell: ({ approvedBy }: ListedPermit) => approvedBy.join(", ") || "nobody" },
  { head: "State", cell: ({ state, until }: ListedPermit) => lines(state, small(`until ${time(until)}`)) },
];
