import { causeOf, codeOf } from "../../domain/guard-error.ts";
import { parseKeyArn } from "../../domain/key/key-arn.ts";
import type { Log, PaymentKeys } from "../ports/guard.ts";

/** What a probe works with: the calls of a role, in the account and region of the stack. */
export interface ProbeDeps {
  readonly keys: Pick<PaymentKeys, "restore">;
  readonly log: Log;
  readonly stack: { readonly account: string; readonly region: string };
}

/** A well-formed id that no key has: the service makes its ids by chance. */
const nobodysKeyId = "reprieveprobe000";

/**
 * Probes whether the role that calls may still restore keys: RestoreKey on a key that does not exist. `not found` proves that the call was let
 * through; a denial is logged as RESTORE_DENIED, and any other answer, which proves nothing, as PROBE_UNCLEAR. Never throws.
 */
export async function probeRestore({ keys, log, stack }: ProbeDeps): Promise<void> {
  const keyArn = parseKeyArn(`arn:aws:payment-cryptography:${stack.region}:${stack.account}:key/${nobodysKeyId}`);
  if (keyArn === undefined) return log("PROBE_UNCLEAR", { why: "the account or the region is malformed" });
  try {
    const answer = await keys.restore(keyArn);
    if (answer.kind === "refused" && answer.code === "ResourceNotFoundException") return;
    log("PROBE_UNCLEAR", { keyArn, answer: answer.kind === "refused" ? answer.code : answer.kind });
  } catch (error) {
    const code = codeOf(error);
    log(code === "ACCESS_DENIED" ? "RESTORE_DENIED" : "PROBE_UNCLEAR", { keyArn, code, ...causeOf(error) });
  }
}
