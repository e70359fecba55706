import { maxWhole } from "./bounded-values.ts";

/** What the stack records by the day: which keys there are, alarms that began or ended, and who exported the trail. */
export const daySeries = ["keys", "control", "access"] as const;
export type DaySeries = (typeof daySeries)[number];

/** Names one chain of a series. A day has as many as it needs, because an item is bounded. */
export interface DayName {
  readonly series: DaySeries;
  /** UTC: `2026-11-29`. */
  readonly day: string;
  /** From 1. */
  readonly number: number;
}

/** Returns the day (UTC) in which `at` (ms since the epoch) lies, as names of chains write it. */
export function dayText(at: number): string {
  return new Date(Math.max(0, Math.min(maxWhole, at))).toISOString().slice(0, 10);
}

/** `<series>#<day>#<number>`. */
export function dayNameText({ series, day, number }: DayName): string {
  return `${series}#${day}#${number}`;
}

/** Returns the name that `text` spells, or undefined for anything else. */
export function dayNameFrom(text: string): DayName | undefined {
  const [, kind, day = "", number] = /^([a-z]+)#(\d{4}-\d\d-\d\d)#([1-9]\d{0,3})$/.exec(text) ?? [];
  const series = daySeries.find((each) => each === kind);
  const at = Date.parse(`${day}T00:00:00Z`);
  if (series === undefined || !Number.isFinite(at) || dayText(at) !== day) return undefined;
  return { series, day, number: Number(number) };
}
