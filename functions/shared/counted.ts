import type { Pace } from "../../lib/aws/pace.ts";
import type { Log } from "../../lib/workflows/ports.ts";
import type { Metrics } from "./metrics.ts";

/** `log`, with every restore counted that failed, or that was begun while its record could not be kept. */
export function countingRestores(log: Log, { count }: Metrics): Log {
  return (code, fields) => {
    if (code === "EFFECT_FAILED" && fields["effect"] === "restore") count("RestoresFailed");
    if (code === "ACTING_WITHOUT_RECORD" && lastOf(fields["entries"]) === "restore-intended")
      count("KeysRestoredUnrecorded");
    log(code, fields);
  };
}

function lastOf(entries: unknown): unknown {
  return Array.isArray(entries) ? entries.at(-1) : undefined;
}

/** `pace`, with every call counted: the account's quota is shared with others. */
export function countingCalls(pace: Pace, { count }: Metrics): Pace {
  return async () => {
    await pace();
    count("ControlPlaneCalls");
  };
}
