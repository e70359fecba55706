import type { Burst } from "../domain/burst.ts";
import { caseNameFrom } from "../domain/case-name.ts";
import { keyArnParts } from "../domain/key-arn.ts";

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
