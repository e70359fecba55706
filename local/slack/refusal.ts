import type { BaseIssue } from "valibot";

/** Slack's `{"ok":false}`: `code` in its words, with what it adds for anyone who wrote the call. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly code: string;
  readonly complaints: readonly string[];

  constructor(code: string, complaints: readonly string[] = []) {
    super(code);
    this.code = code;
    this.complaints = complaints;
  }
}

/** What is wrong, where: `no more than 25 items allowed [json-pointer:/blocks/1/elements]`. */
export function complaintsOf(issues: readonly BaseIssue<unknown>[], root: string): string[] {
  return issues.map((issue) => {
    const keys = (issue.path ?? []).map(({ key }) => String(key));
    return `${complaint(issue, keys.at(-1) ?? root)} [json-pointer:/${[root, ...keys].join("/")}]`;
  });
}

function complaint({ kind, type, expected, received, message }: BaseIssue<unknown>, key: string): string {
  if (kind === "validation") return message;
  if (type === "variant") return `unsupported ${key}: ${received}`;
  if (type === "strict_object" && expected === "never") return `invalid additional property: ${key}`;
  if (type === "strict_object" && received === "undefined") return `missing required field: ${key}`;
  return `must provide ${expected ?? "another value"}`;
}
