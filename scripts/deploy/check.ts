import pc from "picocolors";

/** `unknown`: a warning, or with `needs` a check that could not be made. */
export interface Check {
  readonly subject: string;
  readonly verdict: "good" | "bad" | "unknown";
  /** What was found, and for a bad one what to do. */
  readonly found: string;
  /** What it takes to make the check: a permission or a flag. */
  readonly needs?: string;
  /** The name by which `--unchecked` accepts that it was not made, or that it leaves a doubt. */
  readonly acceptedAs?: Unchecked;
}

/** Checks that a deployment can go without, and doubts that it may ignore, if its command line says so. */
export const uncheckedNames = [
  ...(["trail", "region", "audit-bucket", "leftovers", "concurrency", "signing-key"] as const),
  ...(["audit-key", "permissions", "permissions-boundary", "second-stage", "policy"] as const),
] as const;
export type Unchecked = (typeof uncheckedNames)[number];

export const good = (subject: string, found: string): Check => ({ subject, verdict: "good", found });
export const bad = (subject: string, found: string): Check => ({ subject, verdict: "bad", found });
export const unknown = (subject: string, found: string): Check => ({ subject, verdict: "unknown", found });

/** What was found may be wrong: a deployment goes on only if someone accepts it by name. */
export const doubtful = (subject: string, found: string, acceptedAs: Unchecked): Check => ({
  ...unknown(subject, found),
  acceptedAs,
});

/** A check that could not be made, and what it takes to make it. */
export const notMade = (subject: string, found: string, needs: string, acceptedAs?: Unchecked): Check => ({
  ...unknown(subject, found),
  needs,
  ...(acceptedAs !== undefined && { acceptedAs }),
});

/** One line for a terminal. */
export function lineOf({ subject, verdict, found, needs }: Check): string {
  const mark = { good: pc.green("✓"), bad: pc.red("✗"), unknown: pc.yellow("?") }[verdict];
  return `${mark} ${subject.padEnd(22)} ${found}${needs === undefined ? "" : ` (not checked; needs ${needs})`}`;
}
