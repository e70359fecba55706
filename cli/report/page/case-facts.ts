import { foldCase } from "../../../lib/domain/case/fold.ts";
import type { Entry } from "../../../lib/domain/ledger/entry.ts";
import { recordSentence } from "../../../lib/notices/entry-sentence.ts";
import type { CaseRow } from "../rows/case-row.ts";
import { votes } from "./cases.ts";
import { type Content, code, lines, small } from "./element.ts";
import type { VNode } from "./renderer.mjs";
import { table } from "./table.ts";
import { endTexts, time } from "./words.ts";

/** A case with everything that the log has of it. */
export interface FullCase {
  readonly row: CaseRow;
  readonly entries: readonly Entry[];
  readonly texts: readonly string[];
  /** The place of each entry in the log, from 0. */
  readonly indexes: readonly number[];
}

/** Returns what a sheet says of the key and of the call. */
export function keyFacts({ row, entries }: FullCase): readonly (readonly [string, Content])[] {
  const state = foldCase(entries);
  const key = state?.key;
  const request = state?.requests.at(-1);
  const exportable = { true: "yes: a copy may live outside of the service", false: "no" };
  return [
    ["Key", lines(row.title, small(code(row.keyArn)))],
    ["Usage", row.usage],
    ["Key check value", row.kcv || "not on record"],
    ["Class and algorithm", key === undefined ? "not on record" : `${key.keyClass}, ${key.algorithm}`],
    ["Exportable", key?.exportable === undefined ? "not on record" : exportable[`${key.exportable}`]],
    ["Origin", key?.origin ?? "not on record"],
    ["Requested (UTC)", request === undefined ? "no record of the call" : time(request.at)],
    ["Requester", lines(row.requesterName, small(row.requester), row.sourceIp && small(`from ${row.sourceIp}`))],
    ["CloudTrail event", lines(code(row.eventId), request?.requestId && small(`request ${request.requestId}`))],
  ];
}

/** Returns what a sheet says of the decision and the end. */
export function endFacts({ row, entries }: FullCase): readonly (readonly [string, Content])[] {
  const confirmed = entries.findLast((entry) => entry.kind === "requester-confirmed");
  return [
    ["Decision", row.outcome === "none" ? "not decided" : lines(`${row.outcome} by rule ${row.rule}`, small(row.mode))],
    ["Policy", code(row.policyHash)],
    ["Votes", hasVotes(row) ? votes(row) : "none"],
    ["Allowed by", row.allowedBy || "nothing: no entry allows it"],
    ["Confirmed by CloudTrail", confirmed === undefined ? "no" : `yes, ${time(confirmed.at)} UTC`],
    ["End", lines(endTexts[row.end], row.endLater && small(`later: ${endTexts[row.endLater]}`))],
    [
      "Destroyed",
      row.destroyedAt === undefined
        ? "no entry says so"
        : `known ${time(row.destroyedAt)} UTC by ${row.destructionKnownBy}`,
    ],
  ];
}

function hasVotes({ approvedBy, keptBy, permit }: CaseRow): boolean {
  return approvedBy.length + keptBy.length > 0 || permit !== "";
}

const plain = { bold: String, dim: String, green: String, red: String, yellow: String, cyan: String };

/** Returns every entry of a case with its place in the log. */
export function entriesTable({ entries, indexes }: FullCase): VNode {
  return table(
    "Every entry of the case",
    [
      { head: "Entry", cell: ([entry]) => lines(String(entry.seq), small(entry.kind)) },
      { head: "Leaf of the log", isNumber: true, cell: ([, index]) => index },
      { head: "Time (UTC)", cell: ([entry]) => time(entry.at) },
      { head: "Record", cell: ([entry]) => recordSentence(entry, plain) },
    ],
    entries.map((entry, n) => [entry, indexes[n] ?? -1] as const),
  );
}
