import * as v from "valibot";
import { checkPolicy } from "./check.ts";
import type { PolicyFault } from "./fault.ts";
import { type PolicyDocument, policySchema } from "./schema.ts";

export type PolicyResult =
  | { readonly ok: true; readonly document: PolicyDocument }
  | { readonly ok: false; readonly faults: readonly PolicyFault[] };

/** Any value as a policy document, or everything that is wrong with it. Never throws. */
export function parsePolicy(document: unknown): PolicyResult {
  const parsed = v.safeParse(policySchema, document);
  if (!parsed.success) return { ok: false, faults: parsed.issues.map(faultOf) };
  const faults = checkPolicy(parsed.output);
  return faults.length === 0 ? { ok: true, document: parsed.output } : { ok: false, faults };
}

function faultOf(issue: v.BaseIssue<unknown>): PolicyFault {
  const path = (issue.path ?? []).map(({ key }) => key as string | number);
  if (issue.type !== "strict_object") return { path, message: issue.message };
  const unknown = issue.expected === "never";
  return {
    path,
    message: unknown ? "there is no such field" : issue.received === "undefined" ? "is missing" : "expected fields",
  };
}
