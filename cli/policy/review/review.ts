import { canonicalJson, sha256Hex } from "../../../lib/domain/ledger/canonical-json.ts";
import { compilePolicy, type Policy } from "../../../lib/domain/policy/policy.ts";
import type { PolicyDocument } from "../../../lib/domain/policy/schema.ts";
import { type PolicyFileFault, readPolicyYaml } from "../../../lib/domain/policy/yaml/policy-yaml.ts";
import { diffPolicies, type PolicyChange } from "../policy-diff.ts";
import { type ReplayCounts, replay } from "../replay/replay.ts";
import type { ReplayedCall } from "../replay/replayed-call.ts";
import { type PolicyTestReport, testPolicy } from "../run-tests.ts";
import { readCases } from "../test-file.ts";

/** What reviewers of a pull request read about its policy. */
export interface Review {
  readonly policy: string;
  readonly base: string;
  /** Faults of the changed policy; with any, nothing else is known. */
  readonly errors: readonly PolicyFileFault[];
  readonly hashBefore?: string;
  readonly hashAfter?: string;
  readonly mode?: string;
  readonly changes: readonly PolicyChange[];
  /** Warnings that the base does not have. */
  readonly newWarnings: readonly PolicyFileFault[];
  readonly warnings: number;
  readonly tests?: PolicyTestReport;
  readonly calls?: ReviewedCalls;
}

/** Last year's deletions and other guarded calls, under both policies. */
export interface ReviewedCalls {
  readonly counts: ReplayCounts;
  /** Those that are decided otherwise, oldest file first; at most `maxShown`. */
  readonly changed: readonly ReplayedCall[];
  readonly changedInAll: number;
  readonly skipped: number;
}

export interface ReviewSource {
  readonly policy: string;
  readonly base: string;
  readonly text: string;
  /** Undefined where the base has no policy. */
  readonly baseText: string | undefined;
  readonly tests?: { readonly file: string; readonly text: string };
  readonly logs?: readonly string[];
}

const maxShown = 50;

/** Reviews a changed policy against its base. Throws an InputError for a file that is not a test file. */
export async function review({ policy, base, text, baseText, tests, logs }: ReviewSource): Promise<Review> {
  const read = readPolicyYaml(text);
  const named = { policy, base };
  if (!read.ok) return { ...named, errors: read.faults, changes: [], newWarnings: [], warnings: 0 };
  const before = baseText === undefined ? undefined : readPolicyYaml(baseText);
  const known = new Set(before?.ok ? before.warnings.map((warning) => identityOf(warning, before.document)) : []);
  const after = compiled(read.document);
  const old = before?.ok ? compiled(before.document) : undefined;
  return {
    ...{ ...named, errors: [], mode: after.mode, hashAfter: after.hash, warnings: read.warnings.length },
    ...(old && { hashBefore: old.hash }),
    changes: before?.ok ? diffPolicies(before.document, read.document) : [],
    newWarnings: read.warnings.filter((warning) => !known.has(identityOf(warning, read.document))),
    ...(tests && { tests: testPolicy(after, readCases(tests.file, tests.text)) }),
    ...(logs && old && { calls: await reviewedCalls(after, old, logs) }),
  };
}

function compiled(document: PolicyDocument): Policy {
  return compilePolicy(document, sha256Hex(canonicalJson(document)));
}

/** A warning is the same although its rule has another number. */
function identityOf({ field, message }: PolicyFileFault, { rules }: PolicyDocument): string {
  return `${field.replace(/^rules\.(\d+)/, (_, n: string) => `rules.${rules[Number(n)]?.id ?? n}`)}: ${message}`;
}

async function reviewedCalls(policy: Policy, against: Policy, paths: readonly string[]): Promise<ReviewedCalls> {
  const changed: ReplayedCall[] = [];
  let [changedInAll, skipped] = [0, 0];
  const counts = await replay({
    ...{ policy, against, paths, assumeMinAge: true, progress: () => {} },
    found: (call) => {
      if (call.before === undefined || call.before === call.decision) return;
      changedInAll += 1;
      if (changed.length < maxShown) changed.push(call);
    },
    skipped: () => {
      skipped += 1;
    },
  });
  return { counts, changed, changedInAll, skipped };
}
