import { failureMetrics } from "../../../functions/shared/metrics.ts";
import type { Failure } from "../faults-in-force.ts";
import type { Counted } from "../metrics.ts";
import { minute } from "../plan.ts";
import type { Promised } from "./promise.ts";

/** How long (ms) a failing path may stay unnoticed. */
const silenceMs = 5 * minute;

/** Every failing path counts an alarm's metric, by the function that fails, within 5 minutes of a call that failed, if it goes on so long. */
export const noSilence: Promised = ({ plan, failures, counted }) => {
  const alarming: readonly string[] = failureMetrics;
  const alarms = counted.filter(
    ({ name }) => alarming.includes(name) || /\.(Errors|Throttles|Behind|DeadLetters)$/.test(name),
  );
  const byPath = Map.groupBy(
    failures.filter(({ window }) => window.share === 1 && (window.forMs ?? Number.POSITIVE_INFINITY) > silenceMs),
    ({ window, function: name, call }) =>
      `${name} ${call.port}.${call.operation} ${window.fate} ${plan.faults.indexOf(window)}`,
  );
  return [...byPath].flatMap(([path, calls]) => {
    const name = calls[0]?.function;
    const first = firstLasting(calls);
    if (first === undefined) return [];
    const isHeard = alarms.some(
      (alarm) => isOf(alarm, name) && alarm.at >= first.at && alarm.at <= first.at + silenceMs,
    );
    return isHeard ? [] : [`SILENCE: ${path.replace(/ \d+$/, "")}`];
  });
};

/** Calls of Slack carry no name of a function: its users are two. */
function isOf({ by }: Counted, name: string | undefined): boolean {
  return name ? by === name : by === "notify" || by === "approval";
}

/** The first failure that no retry of the SDK made good: twice more within a minute, or once more after a while. */
function firstLasting(calls: readonly Failure[]): Failure | undefined {
  return calls.find(({ at }) => {
    const soon = calls.filter((later) => later.at > at && later.at <= at + minute).length;
    return soon >= 2 || calls.some((later) => later.at > at + 15_000 && later.at <= at + silenceMs);
  });
}
