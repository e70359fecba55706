import { foldChange } from "../../../lib/domain/change/change-state.ts";
import {
  type ChangeEnd,
  changeStates,
  endOf,
  recordedChanges,
  worstEnd,
} from "../../../lib/domain/change/recorded-changes.ts";
import type { Chain } from "../../../lib/domain/ledger/chain.ts";
import { type Subject, subjectText } from "../../../lib/domain/operations/subject.ts";
import { principalOf } from "../../../lib/domain/people/requester.ts";
import { keyShort } from "../../../lib/notices/key-title.ts";
import { requesterText } from "../../../lib/notices/words.ts";
import { isWithin, type Period } from "./period.ts";

/** What one operation did to one subject within one hour, as an assessor asks of it. Times are ms since the epoch. */
export interface ChangeRow {
  readonly change: string;
  /** What people call the subject. */
  readonly title: string;
  readonly operation: string;
  readonly subject: string;
  readonly keyArn: string;
  readonly changedAt: number;
  /** How many changes there are on record. */
  readonly changes: number;
  /** Whether more followed than are recorded. */
  readonly crowded: boolean;
  /** How many ended in each way. */
  readonly ends: Readonly<Record<ChangeEnd, number>>;
  readonly grave: number;
  /** Of the change that asks most of people. */
  readonly state: ChangeEnd;
  /** Of the first change: the others are in its chain. */
  readonly says: string;
  readonly requester: string;
  readonly requesterName: string;
  readonly sourceIp: string;
  readonly eventId: string;
  readonly rule: string;
  readonly policyHash: string;
  readonly mode: string;
  readonly revertedAfterMs?: number;
  /** Why the last change that was left was left. */
  readonly whyLeft: string;
  readonly entries: number;
  readonly head: string;
}

/** All of time: every change counts. */
const always: Period = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };

/** Returns how many changes of a chain were made before a period and recorded in it: a report of the time before may lack them. */
export function lateChanges(chain: Chain, period: Period): number {
  return recordedChanges(chain).filter(
    ({ detected: { changedAt, at } }) => changedAt < period.from && isWithin(at, period),
  ).length;
}

/** Returns the row of a chain of changes, with those that were made in the period; undefined for any other chain, and without one. */
export function changeRow(chain: Chain, period: Period = always): ChangeRow | undefined {
  const state = foldChange(chain);
  const changes = recordedChanges(chain).filter(({ detected }) => isWithin(detected.changedAt, period));
  const [first] = changes;
  if (state === undefined || first === undefined) return undefined;
  const { detected, judged } = first;
  const { requester } = detected;
  const ends = changes.map(endOf);
  const reverted = changes.flatMap(({ end }) => (end?.kind === "change-reverted" ? [end] : [])).at(-1);
  const left = changes.flatMap(({ end }) => (end?.kind === "revert-left" && end.stands ? [end] : [])).at(-1);
  const subject = subjectText(state.name.subject);
  return {
    ...{ change: chain.name, operation: state.name.operation, subject, title: titleOf(state.name.subject) },
    ...{ keyArn: detected.keyArn ?? "", changedAt: detected.changedAt, changes: changes.length },
    ...{ crowded: state.isCrowded, ends: countedEnds(ends), state: worstEnd(changes), says: detected.says },
    grave: changes.filter((each) => each.judged?.weight === "grave").length,
    requester: requester === undefined ? "unknown" : principalOf(requester),
    requesterName: requester === undefined ? "unknown" : requesterText(requester),
    ...{ sourceIp: detected.sourceIp ?? "", eventId: detected.eventId ?? "" },
    ...{ rule: judged?.rule ?? "", policyHash: judged?.policyHash ?? "", mode: judged?.mode ?? "" },
    ...(reverted && { revertedAfterMs: reverted.revertedAfterMs }),
    ...{ whyLeft: left?.why ?? "", entries: chain.entries.length, head: chain.head },
  };
}

function titleOf(subject: Subject): string {
  return subject.kind === "key" ? keyShort(subject.keyArn) : subjectText(subject);
}

function countedEnds(ends: readonly ChangeEnd[]): Readonly<Record<ChangeEnd, number>> {
  const counted = changeStates.map((end) => [end, ends.filter((each) => each === end).length] as const);
  return Object.fromEntries(counted) as Record<ChangeEnd, number>;
}
