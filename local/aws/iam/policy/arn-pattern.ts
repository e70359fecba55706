import { type Context, patternOf } from "./pattern.ts";

/** Tells whether `arn` matches a pattern part by part: a wildcard crosses no `:` before the last part. */
export function matchesArn(pattern: string, arn: string, context: Context, headContext: Context = context): boolean {
  const [wanted, actual] = [partsOf(pattern), partsOf(arn)];
  const matches = (part: string, n: number) =>
    patternOf(part, n === 5 ? context : headContext, { wildcards: true })(actual[n] ?? "");
  return wanted.length === 6 && actual.length === 6 && wanted.every(matches);
}

/** Tells whether a Resource element names `arn`. IAM replaces variables in its last part only. */
export function namesResource(pattern: string, arn: string, context: Context): boolean {
  return pattern === "*" || matchesArn(pattern, arn, context, new Map());
}

function partsOf(arn: string): readonly string[] {
  const parts = arn.split(":");
  return parts.length < 6 ? [] : [...parts.slice(0, 5), parts.slice(5).join(":")];
}
