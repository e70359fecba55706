import * as v from "valibot";
import type { DenialName } from "../../workflows/ports/remediation.ts";
import { effectFailedType, lookDeniedType, parseOwnEvent } from "./own-event.ts";

const kinds = [effectFailedType, lookDeniedType];
const numbered = v.object({
  detail: v.object({ entry: v.object({ seq: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1e6)) }) }),
});

/** Returns which record of a denied call an event of our own bus announces, or undefined for anything else, also for another stack's. */
export function denialNameIn(
  json: unknown,
  stack: { readonly account: string; readonly region: string },
): DenialName | undefined {
  const event = parseOwnEvent(json, stack);
  const parsed = v.safeParse(numbered, json);
  if (event === undefined || !parsed.success || !kinds.includes(event.type)) return undefined;
  return { name: event.name, seq: parsed.output.detail.entry.seq };
}
