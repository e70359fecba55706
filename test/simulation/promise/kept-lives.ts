import type { Statement } from "../chronicle.ts";
import { hour, minute } from "../plan.ts";
import { pausedUntil } from "./consent.ts";
import type { Evidence, Promised } from "./promise.ts";
import { reachableMs } from "./reachable.ts";

/** Clocks of environments differ by less than this (ms). */
const skewMs = 5 * minute;
/** What the guard needs (ms) of a control plane that answers. */
const enoughMs = 3 * hour;

/** A key that a person kept while its deletion was pending, and was answered so, lives: whether people or a rule let it go. */
export const keptLives: Promised = (evidence) =>
  evidence.chronicle.deaths.flatMap(({ key, at }) => {
    const deletion = evidence.chronicle.deletionsOf(key).findLast((each) => each.at < at);
    if (deletion === undefined) return [];
    const keep = evidence.chronicle.statements.find(
      (each) => each.key === key && each.at > deletion.at + skewMs && each.at <= at && isAcceptedKeep(evidence, each),
    );
    if (keep === undefined) return [];
    const from = Math.max(keep.at, pausedUntil(evidence, at));
    return reachableMs(evidence, deletion, from, at) < enoughMs
      ? []
      : [`KEPT: key ${key} was destroyed although ${keep.by} kept it`];
  });

/** In observe mode an older message keeps the key from nothing newer. */
function isAcceptedKeep({ chronicle }: Evidence, { says, heard, at }: Statement): boolean {
  return says === "keep" && heard === "accepted" && chronicle.modeAt(at).mode === "enforce";
}
