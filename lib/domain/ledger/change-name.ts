import { type Subject, subjectFrom, subjectText } from "../operations/subject.ts";
import { hourMs } from "../time.ts";

/**
 * Names what one operation did to one subject within one hour: all of it is one chain. INVARIANT: however often a subject is changed, an hour has
 * one chain, one notice that grows, and at most one revert.
 */
export interface ChangeName {
  readonly operation: string;
  readonly subject: Subject;
  /** The hour of the call, counted from the epoch. */
  readonly hour: number;
}

/** Returns the hour in which `at` (ms since the epoch) lies. */
export function hourOfChange(at: number): number {
  return Math.max(0, Math.floor(at / hourMs));
}

const prefix = "change#";

/** `change#<operation>#<subject>#<hour>`. */
export function changeNameText({ operation, subject, hour }: ChangeName): string {
  return `${prefix}${operation}#${subjectText(subject)}#${hour}`;
}

/** Returns the name of the chain that begins with a change, or undefined where its subject is not valid. INVARIANT: no change begins a chain of another name. */
export function changeNameOf({
  operation,
  subject,
  changedAt,
}: {
  readonly operation: string;
  readonly subject: string;
  readonly changedAt: number;
}): ChangeName | undefined {
  const found = subjectFrom(subject);
  return found && { operation, subject: found, hour: hourOfChange(changedAt) };
}

/** The name that `text` spells, or undefined for anything else. */
export function changeNameFrom(text: string): ChangeName | undefined {
  const [kind, operation = "", subjectName = "", hour = "", ...more] = text.split("#");
  const subject = subjectFrom(subjectName);
  const isName = kind === "change" && /^[a-z][a-z-]{0,31}$/.test(operation) && /^(0|[1-9]\d{0,7})$/.test(hour);
  return isName && subject !== undefined && more.length === 0 ? { operation, subject, hour: Number(hour) } : undefined;
}
