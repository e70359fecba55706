import { canonicalJson, sha256Hex } from "../../lib/domain/ledger/canonical-json.ts";
import { printableText } from "../../lib/domain/printable-text.ts";
import type { StackHealth } from "../health/stack-health.ts";
import { readPolicy } from "../policy/policy-file.ts";
import { errorText } from "../shell/error-text.ts";

const subject = "policy deployed";

/** Compares the policy that runs with the reviewed file. */
export async function deployedPolicyFinding(health: Pick<StackHealth, "deployedPolicy">, file: string) {
  try {
    const { mode, hash } = await health.deployedPolicy();
    const read = await readPolicy(file);
    if (!read.ok) return { subject, verdict: "bad" as const, found: `${file} has faults: reprieve policy check` };
    const effect =
      mode === "observe" ? "it observes: deleted keys are NOT restored" : `mode ${printableText(mode, 20)}`;
    const reviewed = sha256Hex(canonicalJson(read.document));
    if (hash === reviewed) return { subject, verdict: "good" as const, found: `${file}, ${effect}` };
    const found = `the stack runs another policy than ${file} (${printableText(hash, 12)}..., reviewed ${reviewed.slice(0, 12)}...; ${effect}): deploy it, or name the reviewed file with --policy`;
    return { subject, verdict: "bad" as const, found };
  } catch (error) {
    const found = `${errorText(error, 200)} (not checked; needs cloudformation:DescribeStacks)`;
    return { subject, verdict: "unknown" as const, found };
  }
}
