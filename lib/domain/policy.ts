import * as v from "valibot";
import type { Effect } from "./decision.ts";
import { matcherOf } from "./glob.ts";
import type { Directory } from "./person.ts";
import { checkPolicy } from "./policy-check.ts";
import { type Condition, conditionsOf } from "./policy-conditions.ts";
import { defaultEffect, effectOf } from "./policy-effect.ts";
import type { PolicyFault } from "./policy-fault.ts";
import { type PolicyDocument, policySchema } from "./policy-schema.ts";

export type PolicyResult =
  | { readonly ok: true; readonly document: PolicyDocument }
  | { readonly ok: false; readonly faults: readonly PolicyFault[] };

/** A policy ready to decide. Made only by `compilePolicy`. */
export interface Policy {
  readonly mode: "observe" | "enforce";
  /** SHA-256 of the canonical JSON of the document, as reviewed. */
  readonly hash: string;
  readonly rules: readonly Rule[];
  readonly default: Effect;
  readonly directory: Directory;
}

export interface Rule {
  readonly id: string;
  readonly effect: Effect;
  /** Cheap ones first, so that nothing is fetched for a rule that cannot match. */
  readonly conditions: readonly Condition[];
}

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

/** `document` made ready; `hash` names it in every decision. */
export function compilePolicy(document: PolicyDocument, hash: string): Policy {
  const directory = directoryOf(document);
  return {
    mode: document.mode,
    hash,
    rules: document.rules.map((rule) => ({
      id: rule.id,
      effect: effectOf(rule),
      conditions: conditionsOf(rule.when, directory),
    })),
    default: defaultEffect(document),
    directory,
  };
}

function directoryOf({ people, trust }: PolicyDocument): Directory {
  const identities = Object.entries(people).flatMap(([person, { aws }]) =>
    aws.map((identity) => [identity, person] as const),
  );
  const accounts = new Set(trust.accounts);
  return {
    personByIdentity: new Map(identities),
    trustsAccount: (account) => accounts.has(account),
    trustsSourceIdentityFrom: matcherOf(trust.sourceIdentityFrom),
  };
}
