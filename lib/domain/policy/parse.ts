import * as v from "valibot";
import { checkPolicy } from "./check.ts";
import type { PolicyFault } from "./fault.ts";
import { didYouMean } from "./match/did-you-mean.ts";
import { isUnknownField } from "./match/fields.ts";
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
  if (isUnknownField(issue)) return { path, message: issue.message };
  if (issue.type === "strict_object")
    return { path, message: issue.received === "undefined" ? "is missing" : "expected fields" };
  return { path, message: `${issue.message}${suggestion(issue)}` };
}

/** Where one of few words is expected, the one that was likely meant. */
function suggestion({ type, expected, input }: v.BaseIssue<unknown>): string {
  if ((type !== "picklist" && type !== "literal") || typeof input !== "string") return "";
  const options = [...(expected ?? "").matchAll(/"([^"]*)"/g)].map(([, option = ""]) => option);
  return didYouMean(input, options);
}
