import type { Pace } from "../../lib/aws/payment-cryptography/pace.ts";
import type { Metrics } from "./metrics.ts";

/** `pace`, with every call counted: the account's quota is shared with others. */
export function countingCalls(pace: Pace, { count }: Metrics): Pace {
  return async () => {
    await pace();
    count("ControlPlaneCalls");
  };
}
