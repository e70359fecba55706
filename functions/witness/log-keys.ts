import { GuardError } from "../../lib/domain/guard-error.ts";
import { readVerifierKey, type VerifierKey } from "../../lib/domain/log/verifier-key.ts";

/**
 * Returns the keys that `texts` spell. Throws CONFIGURATION_INVALID unless all are keys of one log: the alarm on a log that falls silent counts what is
 * cosigned, and a second log would hide the first one's silence.
 */
export function keysOfOneLog(texts: readonly string[]): readonly VerifierKey[] {
  const keys = texts.map((text) => readVerifierKey(text));
  const [first] = keys;
  if (first === undefined || keys.some((key) => key?.name !== first.name || key.type === "cosignature"))
    throw new GuardError("CONFIGURATION_INVALID", "dead-letter", "LOG_KEYS must be verifier keys of one log");
  return keys.filter((key) => key !== undefined);
}
