import { type Deadline, dueReminder, nextReminderAt } from "../case/question.ts";
import type { ChangePermit } from "./change-permit.ts";
import { isOpenPermit } from "./change-permit.ts";

/** Returns the percentage of the time to decide of which people are to be reminded at `now` (ms), if any; of several that were missed only the last. */
export function duePermitReminder(permit: ChangePermit, now: number): number | undefined {
  return isOpenPermit(permit, now) ? dueReminder(deadlineOf(permit), now) : undefined;
}

/** Returns when (ms) people are to be reminded next that they are asked, or undefined where they are not. */
export function nextPermitReminderAt(permit: ChangePermit): number | undefined {
  const { issued, revoked } = permit;
  return issued === undefined && revoked === undefined ? nextReminderAt(deadlineOf(permit)) : undefined;
}

function deadlineOf({ request, reminded }: ChangePermit): Deadline {
  return { askedAt: request.at, deadline: request.deadline, reminded };
}
