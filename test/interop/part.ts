import { inspect } from "node:util";

/** One thing that software of others was asked to confirm. */
export interface Check {
  readonly name: string;
  readonly holds: boolean;
  /** What was found instead, or figures. */
  readonly found?: string;
}

/** The outcome of a part. */
export interface Outcome {
  readonly checks: readonly Check[];
  /** Known deviations that the part works around or compares exactly, each one documented in docs/interop.md. */
  readonly deviations: readonly string[];
  /** The end of what the software printed, where it helps to understand a check that does not hold. */
  readonly log?: string;
}

/** A comparison with one piece of independent software. */
export interface Part {
  readonly name: string;
  /** The software and its version. */
  readonly software: string;
  readonly run: () => Promise<Outcome>;
}

/** Returns a check that `found` equals `expected` as JSON; both go into the report if not. */
export function equal(name: string, found: unknown, expected: unknown): Check {
  const [one, other] = [JSON.stringify(found), JSON.stringify(expected)];
  return { name, holds: one === other, ...(one !== other && { found: `expected ${other}, found ${one}` }) };
}

/** Returns a check that does not hold, for an error that ended a part. */
export function failedCheck(error: unknown): Check {
  const found = inspect(error);
  return { name: "the part ran", holds: false, found };
}
