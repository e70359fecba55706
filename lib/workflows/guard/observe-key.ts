import { causeOf, codeOf } from "../../domain/guard-error.ts";
import type { KeyArn } from "../../domain/key/key-arn.ts";
import type { KeyObservation } from "../../domain/key/payment-key.ts";
import type { Log } from "../ports/guard.ts";
import type { Guard } from "./run.ts";

/**
 * Looks at a key. A guard that cannot read a key can still restore it, so a GetKey that is denied or fails is an observation (`undated`) and
 * not an error: the case is opened and the plan decides how long it waits for an answer.
 */
export async function observeKey({ keys, log }: Pick<Guard, "keys" | "log">, arn: KeyArn): Promise<KeyObservation> {
  try {
    return noticed(log, await keys.observe(arn));
  } catch (error) {
    const code = codeOf(error);
    const why = code === "ACCESS_DENIED" ? "denied" : "unavailable";
    log("KEY_HIDDEN", { keyArn: arn, why, code, ...causeOf(error) });
    return { kind: "undated", arn, why };
  }
}

/** Returns `observation`, and logs one that does not show when the key may be destroyed. */
export function noticed(log: Log, observation: KeyObservation): KeyObservation {
  if (observation.kind === "undated") log("KEY_HIDDEN", { keyArn: observation.arn, why: observation.why });
  return observation;
}
