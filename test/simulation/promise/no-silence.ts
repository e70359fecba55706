import { failureMetrics } from "../../../functions/shared/metrics.ts";
import type { Failure } from "../faults-in-force.ts";
import { minute } from "../plan.ts";
import { hasLastingFault, type Promised } from "./promise.ts";

/** How long (ms) a failing path may stay unnoticed. */
const silenceMs = 5 * minute;

/** Every failing path counts an alarm's metric within 5 minutes of a call that failed, if it goes on failing so long. */
export const noSilence: Promised = ({ plan, failures, counted }) => {
  const alarming: readonly string[] = failureMetrics;
  const alarms = counted.filter(({ name }) => alarming.includes(name) || /\.(Errors|Throttles)$/.test(name));
  const byPath = Map.groupBy(
    failures.filter(({ window }) => window.share === 1 && (window.forMs ?? Number.POSITIVE_INFINITY) > 2 * silenceMs),
    ({ window, function: name, call }) =>
      `${name} ${call.port}.${call.operation} ${window.fate} ${plan.faults.indexOf(window)}`,
  );
  return [...byPath].flatMap(([path, calls]) => {
    const first = firstLasting(calls);
    if (first === undefined) return [];
    const isHeard = alarms.some(({ at }) => at >= first.at && at <= first.at + silenceMs);
    return isHeard ? [] : [`SILENCE: ${path.replace(/ \d+$/, "")}`];
  });
};

/** The first failure that no retry of the SDK made good: twice more within a minute, or once more after a while. */
function firstLasting(calls: readonly Failure[]): Failure | undefined {
  return calls.find(({ at }) => {
    const soon = calls.filter((later) => later.at > at && later.at <= at + minute).length;
    return soon >= 2 || calls.some((later) => later.at > at + 15_000 && later.at <= at + silenceMs);
  });
}

/** Whoever is to hear of a deletion hears of it, where nothing fails forever. */
export const everybodyTold: Promised = ({ plan, chronicle, keys, told }) => {
  if (hasLastingFault(plan) || chronicle.deletions.length > 20) return [];
  return keys.flatMap(({ KeyArn }, key) =>
    chronicle.deletionsOf(key).length > 0 && !told.includes(KeyArn) ? [`UNTOLD: nobody heard of key ${key}`] : [],
  );
};
