import { GuardError } from "../../lib/domain/guard-error.ts";
import { sha256Hex } from "../../lib/domain/ledger/canonical-json.ts";
import { compilePolicy, type Policy } from "../../lib/domain/policy/policy.ts";
import type { PolicyDocument } from "../../lib/domain/policy/schema.ts";

/**
 * Returns the policy of a bundle. The hash proves that it is the one the build checked, so no cold start checks it again. Throws
 * POLICY_INVALID for any other.
 */
export function bundledPolicy(text: string, hash: string): Policy {
  if (text !== "" && sha256Hex(text) === hash) return compilePolicy(JSON.parse(text) as PolicyDocument, hash);
  const found =
    text === ""
      ? "the bundle holds no policy: `reprieve package` puts one into a released zip"
      : "the policy in the bundle is not the one that the build checked";
  throw new GuardError("POLICY_INVALID", "dead-letter", found);
}
