import { quoted } from "../../lib/domain/printable-text.ts";
import type { Draw } from "../report/rows/sample.ts";
import { defaultTargetSeconds } from "../report/rows/usable-times.ts";
import { UsageError } from "../shell/input-error.ts";
import { keyFrom } from "../trail/expected-keys.ts";
import type { AskedTime, Expected } from "./audit-command.ts";

export interface TimeOptions {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export interface KeyOptions {
  readonly key?: string | undefined;
  readonly witness?: readonly string[] | undefined;
  readonly since?: string | undefined;
}

export interface DrawOptions {
  readonly sample?: string | undefined;
  readonly seed?: string | undefined;
}

/** Returns what the log is checked against. Throws a UsageError for text that is no verifier key. */
export function expectedFrom({ key, witness = [], since }: KeyOptions): Expected {
  const witnesses = witness.map((text) => keyFrom(text, "--witness"));
  return { ...(key && { key: keyFrom(key, "--key") }), witnesses, ...(since && { since }) };
}

/** Returns the time asked for. Throws a UsageError for text that is no date, and unless the time has a length. */
export function timeFrom(options: TimeOptions): AskedTime {
  const [from, to] = [dateOf(options.from, "--from"), dateOf(options.to, "--to")];
  if (from !== undefined && to !== undefined && from >= to) throw new UsageError("expected --from before --to");
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

/** Returns the digest asked for. Throws a UsageError for text that is not a SHA-256. */
export function digestFrom(digest: string | undefined): { readonly digest?: string } {
  if (digest === undefined) return {};
  if (!/^[0-9a-f]{64}$/.test(digest))
    throw new UsageError(`expected a SHA-256 of 64 digits for --digest, found ${quoted(digest)}`);
  return { digest };
}

/** Returns the target of a report (ms). Throws a UsageError unless it is a number of seconds. */
export function targetFrom(seconds: string | undefined): number {
  return 1_000 * (seconds === undefined ? defaultTargetSeconds : wholeFrom(seconds, 86_400, "--target-seconds"));
}

/** Returns which cases to draw. Throws a UsageError for a number without a seed: the assessor chooses it, so that nobody else can. */
export function drawFrom({ sample, seed }: DrawOptions): { readonly draw?: Draw } {
  if (sample === undefined && seed === undefined) return {};
  if (sample === undefined || seed === undefined || seed === "")
    throw new UsageError("expected --sample N and --seed TEXT together: the assessor chooses the seed");
  return { draw: { size: wholeFrom(sample, 10_000, "--sample"), seed } };
}

function wholeFrom(text: string, most: number, name: string): number {
  const value = /^[1-9]\d{0,5}$/.test(text) ? Number(text) : 0;
  if (value === 0 || value > most)
    throw new UsageError(`expected a number from 1 to ${most} for ${name}, found ${quoted(text)}`);
  return value;
}

function dateOf(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  const at = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z)?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw new UsageError(`expected a date such as 2026-07-01 for ${name}, found ${quoted(text)}`);
  return at;
}
