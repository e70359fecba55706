import type { Burst } from "./burst.ts";
import { mailLine } from "./mail.ts";
import { shortStandings } from "./standing.ts";

export interface BurstSummary {
  readonly count: number;
  /** How many cases stand how. */
  readonly states: readonly (readonly [state: string, count: number])[];
  /** Some of the keys, by what people call them. */
  readonly keys: readonly string[];
  /** How to keep a key whose deletion a rule allowed; absent if the burst has no such key. */
  readonly hint?: string;
}

const maxKeys = 15;

const keepHint =
  "Is a key whose deletion is allowed still needed? One person can keep it: reprieve keep KEY --reason TEXT";

/** Returns how the cases of a burst stand that have no message of their own. */
export function burstSummary({ members }: Burst): BurstSummary {
  const grouped = Object.values(members).filter((member) => member.grouped);
  const states = new Map<string, number>();
  for (const { state } of grouped) states.set(state, (states.get(state) ?? 0) + 1);
  const keys = grouped.slice(0, maxKeys).map(({ title }) => title);
  const sorted = [...states].sort(([, a], [, b]) => b - a);
  return { count: grouped.length, states: sorted, keys, ...(states.has(shortStandings.allowed) && { hint: keepHint }) };
}

/** Returns the summary as a mail, for people who get no other message. */
export function summaryMail({ count, states, keys, hint }: BurstSummary): { subject: string; text: string } {
  const lines = [
    `${count} more payment ${count === 1 ? "key" : "keys"} scheduled for deletion within minutes, besides those with a mail of their own:`,
    ...states.map(([state, number]) => `${number} ${state}`),
    "",
    ...keys,
    ...(count > keys.length ? [`and ${count - keys.length} more: reprieve cases list`] : []),
    "",
    hint ?? "Nothing to do for these keys.",
    "A case in which a person has to decide has a mail of its own; the next summary comes when there are twice as many.",
  ];
  return { subject: "reprieve: many payment keys scheduled for deletion", text: lines.map(mailLine).join("\n") };
}
