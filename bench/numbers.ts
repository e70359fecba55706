import { isReached, judged, type Result, type Target } from "./result.ts";
import type { Spread } from "./spread.ts";

/** Three digits that say something. */
export function numberText(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 1000) return Math.round(value).toLocaleString("en-US");
  return value.toPrecision(Math.abs(value) >= 100 ? 3 : Math.abs(value) >= 1 ? 3 : 2);
}

export function oursText({ ours, unit }: Result): string {
  return quantityText(ours, unit);
}

export function otherText({ other, unit }: Result): string {
  return other === undefined ? "" : quantityText(other, unit);
}

export function quantityText({ median }: Spread, unit: string): string {
  return `${numberText(median)} ${unit}`.trim();
}

export function ratioText({ ratio }: Result): string {
  return ratio === undefined ? "" : `${numberText(ratio.median)} x`;
}

const judgedText: Readonly<Record<Target["figure"], (result: Result) => string>> = {
  ratio: () => " x",
  value: ({ unit }) => ` ${unit}`,
  difference: ({ unit }) => ` ${unit} more`,
};

export function targetText(result: Result): string {
  const { target } = result;
  if (target === undefined) return "";
  return `≤ ${numberText(target.atMost)}${judgedText[target.figure](result)}`;
}

export function verdictText(result: Result): string {
  const reached = isReached(result);
  return reached === undefined ? "" : reached ? "met" : "MISSED";
}

/** How far the judged number, or else our own, lay apart. */
export function spreadText(result: Result): string {
  const { low, high, runs } = judged(result) ?? result.ours;
  return runs === 1 || low === high
    ? `${runs} run${runs === 1 ? "" : "s"}`
    : `${numberText(low)} to ${numberText(high)}, ${runs} runs`;
}
