import { failureMetrics } from "../../../functions/shared/metric-table.ts";
import { slimMetricNames } from "../../../functions/shared/monitoring.ts";
import { unanswered } from "../fate.ts";
import type { Failure } from "../faults-in-force.ts";
import { minute } from "../plan.ts";
import type { Promised } from "./promise.ts";

/** How long (ms) a failing path may stay unnoticed. */
const silenceMs = 5 * minute;

/** Every failing path counts an alarm's metric, by the function that fails, within 5 minutes of a call that failed, if it goes on so long. */
export const noSilence: Promised = ({ plan, failures, passes, counted }) => {
  // Every sweep counts checkpoints that are not signed: their alarm waits for an hour of them.
  const alarming: readonly string[] = [...failureMetrics, ...slimMetricNames, "CheckpointsUnsigned"];
  const alarms = counted.filter(
    ({ name, value }) =>
      (alarming.includes(name) && value > 0) || /\.(Errors|Throttles|Behind|DeadLetters)$/.test(name),
  );
  const pathOf = ({ window, function: name, call }: Failure) =>
    `${name} ${call.port}.${call.operation} ${window.fate} ${plan.faults.indexOf(window)}`;
  const lasting = failures.filter(({ window }) => (window.forMs ?? Number.POSITIVE_INFINITY) > silenceMs);
  const passed = Map.groupBy(passes, pathOf);
  return [...Map.groupBy(lasting, pathOf)].flatMap(([path, calls]) => {
    const name = calls[0]?.function;
    const isPartial = (calls[0]?.window.share ?? 1) < 1;
    const first = isPartial ? firstUnbroken(calls, passed.get(path) ?? []) : firstLasting(calls);
    if (first === undefined) return [];
    const isHeard = alarms.some(
      (alarm) => alarm.by === name && alarm.at >= first.at && alarm.at <= first.at + silenceMs,
    );
    return isHeard ? [] : [`SILENCE: ${path.replace(/ \d+$/, "")}`];
  });
};

/** So many failures (three attempts of the SDK each) over so long (ms), with no success in between, are more than bad luck. */
const unbrokenCalls = 9;
const unbrokenMs = minute;

/** The first failure after which, in spite of the window's share, no call went well for a while. */
function firstUnbroken(calls: readonly Failure[], passes: readonly Failure[]): Failure | undefined {
  return calls.find(({ at }) => {
    const until = Math.min(at + silenceMs, passes.find((pass) => pass.at >= at)?.at ?? Number.POSITIVE_INFINITY);
    const unbroken = calls.filter((call) => call.at >= at && call.at < until);
    return unbroken.length >= unbrokenCalls && (unbroken.at(-1)?.at ?? 0) >= at + unbrokenMs;
  });
}

/**
 * The first failure that no retry of the SDK made good: twice more within a minute, or once more after a while. A call that took effect without an
 * answer is often made good by the second delivery of a message, which finds its work done: it lasts if the same write still fails after a minute.
 * The next entry of a chain is another write: the one before it is known to be there.
 */
function firstLasting(calls: readonly Failure[]): Failure | undefined {
  return calls.find(({ at, window, call }) => {
    if (unanswered.includes(window.fate))
      return calls.some(
        (later) => later.at > at + minute && later.at <= at + silenceMs && writeOf(later.call) === writeOf(call),
      );
    const soon = calls.filter((later) => later.at > at && later.at <= at + minute).length;
    return soon >= 2 || calls.some((later) => later.at > at + 15_000 && later.at <= at + silenceMs);
  });
}

/** What a write of the store writes: the item, and which entry of its chain. All calls of other ports are alike. */
function writeOf({ body }: Failure["call"]): string {
  const { [":version"]: version } = (body["ExpressionAttributeValues"] ?? {}) as Readonly<Record<string, unknown>>;
  return JSON.stringify([body["Key"], version]);
}
