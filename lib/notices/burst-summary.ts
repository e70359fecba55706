import { keyArnParts } from "../domain/key/key-arn.ts";
import { caseNameFrom } from "../domain/ledger/case-name.ts";
import type { Burst } from "./burst.ts";

export interface BurstSummary {
  readonly count: number;
  /** How many cases stand where. */
  readonly states: readonly (readonly [state: string, count: number])[];
  /** Some of the keys, by id. */
  readonly keys: readonly string[];
}

const maxKeys = 20;

/** How the cases of a burst stand that have no message of their own. */
export function burstSummary({ members }: Burst): BurstSummary {
  const grouped = Object.entries(members).filter(([, member]) => member.grouped);
  const states = new Map<string, number>();
  for (const [, { state }] of grouped) states.set(state, (states.get(state) ?? 0) + 1);
  const keys = grouped.slice(0, maxKeys).flatMap(([name]) => {
    const arn = caseNameFrom(name)?.keyArn;
    return arn === undefined ? [] : [keyArnParts(arn).keyId];
  });
  return { count: grouped.length, states: [...states].sort(([, a], [, b]) => b - a), keys };
}

/** Returns the summary as a mail, for people who get no other message. */
export function summaryMail({ count, states, keys }: BurstSummary): { subject: string; text: string } {
  const lines = [
    `${count} more payment ${count === 1 ? "key" : "keys"} scheduled for deletion within minutes, besides those told of one by one:`,
    ...states.map(([state, number]) => `${number} ${state}`),
    `${keys.join(" ")}${count > keys.length ? " ..." : ""}`,
    "",
    "The next mail of this kind comes when there are twice as many. Cases in which somebody has to decide are still told one by one.",
  ];
  return { subject: "reprieve: many payment keys scheduled for deletion", text: lines.join("\n") };
}
