import { decide } from "../../lib/domain/policy/decide.ts";
import { judgeChange } from "../../lib/domain/policy/judge-change.ts";
import type { Policy } from "../../lib/domain/policy/policy.ts";
import type { PolicyCase } from "./test-file.ts";

export interface CaseResult {
  readonly it: string;
  readonly ok: boolean;
  readonly expected: PolicyCase["expect"];
  readonly found: Found;
}

interface Found {
  readonly outcome: string;
  readonly rule: string;
  /** The rule that may match, and the condition that nothing settles. */
  readonly doubt?: { readonly rule: string; readonly condition: string };
}

export interface PolicyTestReport {
  readonly results: readonly CaseResult[];
  readonly failed: number;
  /** Rules, and `default` of deletions, that decided no case. */
  readonly neverExercised: readonly string[];
}

/** What `policy` says of every case, against what was expected, and which rules no case has exercised. */
export function testPolicy(policy: Policy, cases: readonly PolicyCase[]): PolicyTestReport {
  const results = cases.map((each): CaseResult => {
    const { it, expect } = each;
    const found = foundFor(policy, each);
    const ok = found.outcome === expect.outcome && (expect.rule === undefined || expect.rule === found.rule);
    return { it, ok, expected: expect, found };
  });
  const exercised = new Set(results.map(({ found }) => found.rule));
  const neverExercised = [...policy.rules, ...policy.changeRules]
    .map(({ id }) => id)
    .concat("default")
    .filter((id) => !exercised.has(id));
  return { results, failed: results.filter(({ ok }) => !ok).length, neverExercised };
}

function foundFor(policy: Policy, described: PolicyCase): Found {
  if ("change" in described) return judgeChange(policy, described.change);
  const verdict = decide(policy, described.facts);
  if (verdict.kind === "needs") throw new TypeError("a case holds every fact");
  const { effect, rule } = verdict.decision;
  return { outcome: effect.outcome, rule };
}
