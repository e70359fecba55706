import { canonicalJson, sha256Hex } from "../../lib/domain/ledger/canonical-json.ts";
import { compilePolicy, type Policy } from "../../lib/domain/policy/policy.ts";
import { documentOf } from "./policy-file.ts";

/** Returns a policy that is ready to decide. Throws an InputError that names its faults. */
export async function policyOf(file: string): Promise<Policy> {
  const document = await documentOf(file);
  return compilePolicy(document, sha256Hex(canonicalJson(document)));
}
