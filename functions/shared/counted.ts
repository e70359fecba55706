import type { Pace } from "../../lib/aws/pace.ts";
import type { Log } from "../../lib/workflows/ports.ts";
import type { Metrics } from "./metrics.ts";

/** `log`, with every restore that the service refused or failed counted. */
export function countingFailures(log: Log, { count }: Metrics): Log {
  return (code, fields) => {
    if (code === "EFFECT_FAILED" && fields["effect"] === "restore") count("RestoresFailed");
    log(code, fields);
  };
}

/** `pace`, with every call counted: the account's quota is shared with others. */
export function countingCalls(pace: Pace, { count }: Metrics): Pace {
  return async () => {
    await pace();
    count("ControlPlaneCalls");
  };
}
