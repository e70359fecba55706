import { codeOf } from "../../domain/guard-error.ts";
import type { ApiCall, Shown } from "../../domain/operations/operation.ts";
import type { ChangeDeps } from "./change-deps.ts";

/** Looks something up in the control plane; undefined where it is not shown. Throws CONTROL_PLANE_UNAVAILABLE for the queue to try again. */
export type Look = (call: ApiCall) => Promise<Shown | undefined>;

/** From this delivery on a change is recorded although the control plane does not answer. */
const goOnAfter = 3;

/** Returns a look that makes each call once. What is denied is not shown, and neither is what fails at the third delivery: people are notified all the same. */
export function lookOnce({ plane, log }: Pick<ChangeDeps, "plane" | "log">, deliveries: number): Look {
  const known = new Map<string, Promise<Shown | undefined>>();
  const look = async (call: ApiCall) => {
    try {
      return await plane.call(call);
    } catch (error) {
      const code = codeOf(error);
      if (code !== "ACCESS_DENIED" && deliveries < goOnAfter) throw error;
      log("STATE_UNREADABLE", { call: call.call, code });
      return undefined;
    }
  };
  return async (call) => {
    const name = JSON.stringify(call);
    const shown = known.get(name) ?? look(call);
    known.set(name, shown);
    return await shown;
  };
}
