import type { Reconciliation } from "../../../lib/domain/reconcile/result.ts";
import { findingText } from "../../trail/finding-text.ts";
import { type ExceptionKind, type ExceptionRow, exceptionKinds } from "../rows/exception-row.ts";
import type { ReportData } from "../rows/report-data.ts";
import { code, el, lines, small } from "./element.ts";
import type { VNode } from "./renderer.mjs";
import { section, table } from "./table.ts";
import { time } from "./words.ts";

/** Returns the section on exceptions: every kind with how many there are, and each exception. A kind without any says "none". */
export function exceptionsSection({ exceptions, statements, cover, reconciliation }: ReportData): VNode {
  const refused = statements.filter((row) => row.refused !== "");
  const { findings, found } = cover.verified;
  const kinds = Object.entries(exceptionKinds) as [ExceptionKind, string][];
  const count = (kind: ExceptionKind) => exceptions.filter((row) => row.kind === kind).length;
  const counts: readonly (readonly [string, string, number])[] = [
    ["findings of the verification", "What is wrong with the export, the log or its signatures.", found],
    ...kinds.map(([kind, means]) => [kind.replaceAll("-", " "), means, count(kind)] as const),
    ["refused votes", "A vote that did not count.", refused.length],
  ];
  return section(
    "Exceptions",
    table(
      "Exceptions by kind",
      [
        { head: "Exception", cell: ([kind, means]) => lines(kind, small(means)) },
        { head: "In the period", isNumber: true, cell: ([, , number]) => (number === 0 ? "none" : number) },
      ],
      counts,
    ),
    el("h3", undefined, "Findings of the verification"),
    found === 0
      ? el("p", { class: "none" }, "None.")
      : el("ul", undefined, [
          ...findings.map((finding) => el("li", undefined, findingText(finding))),
          found > findings.length ? el("li", undefined, `and ${found - findings.length} more`) : undefined,
        ]),
    el("h3", undefined, "Exceptions, each"),
    table("Exceptions", exceptionColumns, exceptions),
    el("h3", undefined, "Refused votes"),
    table(
      "Refused votes",
      [
        { head: "Key", cell: ({ about, chain }) => lines(about, small(code(chain))) },
        { head: "Time (UTC)", cell: ({ at }) => time(at) },
        { head: "Person", cell: ({ person }) => person },
        { head: "Vote", cell: ({ does, reason }) => lines(does, reason && small(reason)) },
        { head: "Why it does not count", cell: (row) => row.refused },
      ],
      refused,
    ),
    el("h3", undefined, "Reconciliation with CloudTrail"),
    reconciled(reconciliation),
  );
}

const exceptionColumns = [
  { head: "Key", cell: ({ title, chain }: ExceptionRow) => lines(title, chain === title ? "" : small(code(chain))) },
  { head: "Exception", cell: ({ kind }: ExceptionRow) => kind.replaceAll("-", " ") },
  { head: "Time (UTC)", cell: ({ at }: ExceptionRow) => time(at) },
  { head: "Record", cell: ({ says }: ExceptionRow) => says },
];

function reconciled(found: Reconciliation | undefined): readonly VNode[] {
  if (found === undefined)
    return [el("p", { class: "none" }, "Not reconciled: no result was given (--reconciliation).")];
  const { classes, differences, differencesInAll, coverage, unread, changes } = found;
  const more = differencesInAll - differences.length;
  return [
    table(
      "Classes of differences",
      [
        {
          head: "Class",
          cell: (each) => `${each.class}: ${each.name}`,
        },
        { head: "Weight", cell: ({ weight }) => weight },
        { head: "Differences", isNumber: true, cell: ({ count }) => (count === 0 ? "none" : count) },
      ],
      classes,
    ),
    table(
      "Differences",
      [
        { head: "Key", cell: ({ keyArn, chain }) => lines(keyArn ?? "unknown", chain && small(code(chain))) },
        { head: "Class", cell: (each) => each.class },
        { head: "Time (UTC)", cell: ({ at, eventId }) => lines(time(at), eventId && small(code(eventId))) },
        { head: "Difference", cell: ({ says }) => says },
      ],
      differences,
    ),
    ...(more > 0 ? [el("p", undefined, `And ${more} more differences.`)] : []),
    ...(changes === undefined
      ? []
      : [el("p", undefined, `Other guarded calls: ${changes.matched} of ${changes.events} have exactly one chain.`)]),
    el(
      "p",
      undefined,
      `CloudTrail's digests cover ${coverage.from === undefined ? "nothing" : `${time(coverage.from)} to ${time(coverage.to)} UTC`}, with ${coverage.gaps.length} gaps.`,
    ),
    ...(coverage.gaps.length === 0
      ? []
      : [
          el(
            "ul",
            undefined,
            coverage.gaps.map(({ from, to, why }) => el("li", undefined, `${time(from)} to ${time(to)}: ${why}`)),
          ),
        ]),
    ...(unread.length === 0
      ? []
      : [
          el(
            "ul",
            undefined,
            unread.map(({ reason, count }) => el("li", undefined, `${count} not read: ${reason}`)),
          ),
        ]),
  ];
}
