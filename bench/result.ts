import { type Spread, spreadOf } from "./spread.ts";

export type Unit = "ms" | "s" | "MB" | "calls" | "round trips";

/** What is judged by a target: our own number, how often the other side's it is, or by how much it is more. */
type Judged = "value" | "ratio" | "difference";

export interface Target {
  readonly figure: Judged;
  readonly atMost: number;
}

/** One line of the table. */
export interface Result {
  readonly name: string;
  readonly unit: Unit;
  readonly ours: Spread;
  readonly other?: { readonly reference: string } & Spread;
  /** Of each round's two neighbours, so that a machine that is busy for a while slows both. */
  readonly ratio?: Spread;
  readonly difference?: Spread;
  readonly target?: Target;
}

/** Our numbers beside those of the other side, round by round. */
export function compared(
  subject: Pick<Result, "name" | "unit"> & { readonly against: string; readonly target?: Target },
  ours: readonly number[],
  other: readonly number[],
): Result {
  const { name, unit, against, target } = subject;
  const each = (combine: (own: number, theirs: number) => number) =>
    spreadOf(ours.map((own, round) => combine(own, other[round] ?? Number.NaN)));
  return {
    ...{ name, unit, ours: spreadOf(ours), other: { reference: against, ...spreadOf(other) } },
    ratio: each((own, theirs) => own / theirs),
    difference: each((own, theirs) => own - theirs),
    ...(target && { target }),
  };
}

/** Our numbers alone. */
export function measured(
  { name, unit, target }: Pick<Result, "name" | "unit"> & { readonly target?: Target },
  ours: readonly number[],
): Result {
  return { name, unit, ours: spreadOf(ours), ...(target && { target }) };
}

/** The number that the target names; the ratio, where there is none. */
export function judged({ ours, ratio, difference, target }: Result): Spread | undefined {
  switch (target?.figure) {
    case "value":
      return ours;
    case "difference":
      return difference;
    case "ratio":
    case undefined:
      return ratio;
  }
}

/** Whether the target is reached; undefined where there is none. */
export function isReached(result: Result): boolean | undefined {
  const { target } = result;
  if (target === undefined) return undefined;
  return (judged(result)?.median ?? Number.NaN) <= target.atMost;
}
