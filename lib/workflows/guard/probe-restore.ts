import { causeOf, codeOf } from "../../domain/guard-error.ts";
import type { KeyArn } from "../../domain/key/key-arn.ts";
import type { Log, PaymentKeys } from "../ports/guard.ts";

/** What a probe works with: the calls of a role, in the account and region of the stack. */
export interface ProbeDeps {
  readonly keys: Pick<PaymentKeys, "restore">;
  readonly log: Log;
  readonly stack: { readonly account: string; readonly region: string };
}

/**
 * Probes whether the role that calls may still restore keys: RestoreKey on a well-formed key id that no key has (the service draws its ids at
 * random). `not found` proves that the call was let through. A denial is logged as RESTORE_DENIED, and any other answer, which proves nothing, as
 * PROBE_UNCLEAR. Never throws.
 */
export async function probeRestore({ keys, log, stack }: ProbeDeps): Promise<void> {
  const { account, region } = stack;
  const keyArn = `arn:aws:payment-cryptography:${region}:${account}:key/reprieveprobe000` as KeyArn;
  try {
    const answer = await keys.restore(keyArn);
    const code = answer.kind === "refused" ? answer.code : answer.kind;
    if (code !== "ResourceNotFoundException") log("PROBE_UNCLEAR", { code });
  } catch (error) {
    const code = codeOf(error);
    log(code === "ACCESS_DENIED" ? "RESTORE_DENIED" : "PROBE_UNCLEAR", { code, ...causeOf(error) });
  }
}
