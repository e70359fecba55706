import type { ExportVerdict, ReportedExport } from "../../domain/approval/person-request.ts";
import { dayText } from "../../domain/ledger/day-name.ts";
import { type Directory, personOfVoter } from "../../domain/people/directory.ts";
import type { Origin, Voter } from "../../domain/people/vote.ts";
import type { StackBook } from "../ports/stack.ts";
import { recordOnDay } from "../stack/record-on-day.ts";

/** What recording an export works with. */
export interface ExportDeps {
  readonly book: StackBook;
  readonly directory: Directory;
  /** ms since the epoch. */
  readonly clock: () => number;
}

/** Judges who reports an export: a person of the policy. */
export function judgeExport(directory: Directory, voter: Voter): ExportVerdict {
  return personOfVoter(directory, voter) === undefined ? { kind: "refused", why: "stranger" } : { kind: "recorded" };
}

/** Records who exported the trail, once for each request. Throws CASE_FULL, CASE_CHANGED, or what the book throws. */
export async function recordExport(
  { book, directory, clock }: ExportDeps,
  voter: Voter,
  exported: ReportedExport,
  { requestId, unverified }: Origin = {},
): Promise<ExportVerdict> {
  const person = personOfVoter(directory, voter);
  if (person === undefined) return { kind: "refused", why: "stranger" };
  if (unverified !== undefined) return { kind: "refused", why: "proof-expired" };
  const now = clock();
  const body = { kind: "trail-exported", voter, person, ...exported, ...(requestId && { requestId }) } as const;
  await recordOnDay(book, {
    ...{ series: "access", day: dayText(now), body, now },
    isSame: (entry) => entry.kind === body.kind && requestId !== undefined && entry.requestId === requestId,
  });
  return { kind: "recorded" };
}
