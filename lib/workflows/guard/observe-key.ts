import { codeOf } from "../../domain/guard-error.ts";
import type { KeyArn } from "../../domain/key/key-arn.ts";
import type { KeyObservation } from "../../domain/key/payment-key.ts";
import type { Log } from "../ports/guard.ts";
import type { Guard } from "./run.ts";

/**
 * Looks at a key. A guard that may not read a key can still restore it, so a denied GetKey is an observation (`undated`) and not
 * an error. Throws a GuardError when the control plane cannot be reached.
 */
export async function observeKey({ keys, log }: Pick<Guard, "keys" | "log">, arn: KeyArn): Promise<KeyObservation> {
  try {
    return noticed(log, await keys.observe(arn));
  } catch (error) {
    if (codeOf(error) !== "ACCESS_DENIED") throw error;
    return noticed(log, { kind: "undated", arn, why: "denied" });
  }
}

/** Returns `observation`, and logs one that does not show when the key may be destroyed. */
export function noticed(log: Log, observation: KeyObservation): KeyObservation {
  if (observation.kind === "undated") log("KEY_HIDDEN", { keyArn: observation.arn, why: observation.why });
  return observation;
}
