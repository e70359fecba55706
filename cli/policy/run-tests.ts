import { decide } from "../../lib/domain/policy/decide.ts";
import type { Policy } from "../../lib/domain/policy/policy.ts";
import type { PolicyCase } from "./test-file.ts";

export interface CaseResult {
  readonly it: string;
  readonly ok: boolean;
  readonly expected: PolicyCase["expect"];
  readonly found: { readonly outcome: string; readonly rule: string };
}

export interface PolicyTestReport {
  readonly results: readonly CaseResult[];
  readonly failed: number;
  /** Rules, and `default`, that decided no case. */
  readonly neverExercised: readonly string[];
}

/** What `policy` says of every case, against what was expected, and which rules no case has exercised. */
export function testPolicy(policy: Policy, cases: readonly PolicyCase[]): PolicyTestReport {
  const results = cases.map(({ it, facts, expect }): CaseResult => {
    const verdict = decide(policy, facts);
    if (verdict.kind === "needs") throw new TypeError("a case holds every fact");
    const { effect, rule } = verdict.decision;
    const ok = effect.outcome === expect.outcome && (expect.rule === undefined || expect.rule === rule);
    return { it, ok, expected: expect, found: { outcome: effect.outcome, rule } };
  });
  const exercised = new Set(results.map(({ found }) => found.rule));
  const neverExercised = [...policy.rules.map(({ id }) => id), "default"].filter((id) => !exercised.has(id));
  return { results, failed: results.filter(({ ok }) => !ok).length, neverExercised };
}
