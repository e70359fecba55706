import type { VoteCast } from "../ledger/entry.ts";
import type { RecordedAliases } from "../ledger/recorded-labels.ts";

/** Percentages of the time to decide at which the approvers are reminded, in ascending order. */
export const reminderPercents = [50, 80, 95] as const;
type ReminderPercent = (typeof reminderPercents)[number];

/** The reminder with which others are notified too. */
export const escalationPercent: ReminderPercent = 95;
/** The first reminder that is also sent by mail. */
export const mailedPercent: ReminderPercent = 80;

/** How long people have to decide. Times are ms since the epoch. */
export interface Deadline {
  readonly askedAt: number;
  readonly deadline: number;
  /** The highest reminder given so far. */
  readonly reminded: number;
}

/** What people were asked in a case, and how it stands. */
export interface Question extends Deadline {
  /** Approvals that counted when they were cast, in their order: at most one per person. */
  readonly approvals: readonly VoteCast[];
  /** What the key was called when people were asked, where that could be read. */
  readonly aliases?: RecordedAliases;
  /** `withdrawn`: a rule allows the deletion now, or CloudTrail does not confirm it. */
  readonly state: "open" | "granted" | "refused" | "expired" | "withdrawn";
  /** The persons whose approvals made up the quorum. */
  readonly grantedBy?: readonly string[];
}

/** The reminder that is due at `now`, if any; of several that were missed only the last one. */
export function dueReminder(question: Deadline, now: number): number | undefined {
  return reminderPercents.findLast((percent) => percent > question.reminded && now >= reminderAt(question, percent));
}

/** When the next thing is to be done about an open question: a reminder, or the end of it. */
export function nextMoment(question: Deadline): number {
  return nextReminderAt(question) ?? question.deadline;
}

/** When the next reminder is due; undefined after the last. */
export function nextReminderAt(question: Deadline): number | undefined {
  const next = reminderPercents.find((percent) => percent > question.reminded);
  return next === undefined ? undefined : reminderAt(question, next);
}

function reminderAt({ askedAt, deadline }: Deadline, percent: ReminderPercent): number {
  return askedAt + Math.round(((deadline - askedAt) * percent) / 100);
}
