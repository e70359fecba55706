import { existsSync } from "node:fs";
import type { Terminal } from "../../shell/terminal.ts";
import { textOf } from "../policy-file.ts";
import { textAt } from "./base-policy.ts";
import { type Review, review } from "./review.ts";
import { reviewMarkdown } from "./review-markdown.ts";

export interface ReviewOptions {
  readonly base: string;
  readonly policy: string;
  readonly tests: string;
  readonly logs?: readonly string[];
  readonly json?: true;
}

/** Prints a review of the policy; returns 1 for a policy with errors or with tests that fail. Throws a UsageError or an InputError. */
export async function reviewing(options: ReviewOptions, context: Terminal): Promise<0 | 1> {
  const { base, policy, tests, logs, json } = options;
  const baseText = await textAt(base, policy);
  const found = await review({
    ...{ policy, base, text: await textOf(policy), baseText },
    ...(existsSync(tests) && { tests: { file: tests, text: await textOf(tests) } }),
    ...(logs && { logs }),
  });
  context.print(json ? JSON.stringify(found) : reviewMarkdown(found));
  return isBad(found) ? 1 : 0;
}

function isBad({ errors, tests }: Review): boolean {
  return errors.length > 0 || (tests?.failed ?? 0) > 0;
}
