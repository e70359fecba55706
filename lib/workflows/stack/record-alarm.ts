import { dayText } from "../../domain/ledger/day-name.ts";
import { type AlarmChange, alarmEntry } from "../../domain/stack/alarm-change.ts";
import type { Log } from "../ports/guard.ts";
import type { StackBook } from "../ports/stack.ts";
import { recordOnDay } from "./record-on-day.ts";

/** What recording alarms works with. */
export interface AlarmDeps {
  readonly book: StackBook;
  readonly log: Log;
  /** ms since the epoch. */
  readonly clock: () => number;
}

/** Records that an alarm began or ended, once. Throws CASE_FULL, CASE_CHANGED, or what the book throws. */
export async function recordAlarm({ book, log, clock }: AlarmDeps, change: AlarmChange): Promise<void> {
  const body = alarmEntry(change);
  if (body === undefined) return;
  const { alarm, changedAt, kind } = body;
  const outcome = await recordOnDay(book, {
    ...{ series: "control", day: dayText(changedAt), body, now: clock() },
    isSame: (entry) => entry.kind === kind && entry.alarm === alarm && entry.changedAt === changedAt,
  });
  if (outcome === "saved") log("ALARM_RECORDED", { alarm, state: change.state });
}
