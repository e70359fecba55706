import { canonicalJson, sha256Hex } from "../domain/ledger/canonical-json.ts";
import type { PolicyDocument } from "../domain/policy/schema.ts";

/** The policy in a function's zip, as canonical JSON. */
export const policyTextFile = "policy.json";
/** Its SHA-256, in the form that `sha256sum --check` reads. */
export const policyHashFile = "policy.sha256";

/** Returns the two files that put a checked policy into a function's zip, by name. */
export function policyFiles(policy: PolicyDocument): Readonly<Record<string, string>> {
  const text = canonicalJson(policy);
  return { [policyTextFile]: text, [policyHashFile]: `${sha256Hex(text)}  ${policyTextFile}\n` };
}
