/** Days and hours of a week in a time zone; `hours` may run over midnight and then belong to the day they began on. */
export interface TimeWindow {
  readonly days?: readonly Weekday[];
  readonly hours?: { readonly from: number; readonly to: number };
  readonly timeZone: string;
}

export type Weekday = (typeof weekdays)[number];
export const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

const minutesPerDay = 24 * 60;

/**
 * Answers whether an instant (ms since the epoch) lies in `window`; undefined in a time zone that this machine does not know.
 * Time zones are first touched when a window is asked for: loading them costs 9 ms, which no cold start should pay.
 */
export function windowMatcher({ days = weekdays, hours, timeZone }: TimeWindow): (at: number) => boolean | undefined {
  let format: Intl.DateTimeFormat | undefined;
  return (at) => {
    format ??= formatFor(timeZone);
    if (format === undefined) return undefined;
    const { day, minute } = localTime(format, at);
    if (hours === undefined) return days.some((name) => weekdays.indexOf(name) === day);
    const { from, to } = hours;
    const overnight = to <= from;
    const inside = overnight ? minute >= from || minute < to : minute >= from && minute < to;
    const began = overnight && minute < to ? (day + 6) % 7 : day;
    return inside && days.some((name) => weekdays.indexOf(name) === began);
  };
}

function formatFor(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    const hour = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
    return new Intl.DateTimeFormat("en-GB", { timeZone, weekday: "short", ...hour });
  } catch {
    return undefined;
  }
}

function localTime(format: Intl.DateTimeFormat, at: number): { day: number; minute: number } {
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const day = (weekdays as readonly string[]).indexOf(parts["weekday"]?.toLowerCase() ?? "");
  return { day, minute: Number(parts["hour"]) * 60 + Number(parts["minute"]) };
}

/** `09:00-17:00` as minutes of the day, or undefined. */
export function parseHours(text: string): { from: number; to: number } | undefined {
  const match = /^(\d{2}):(\d{2})-(\d{2}):(\d{2})$/.exec(text);
  if (match === null) return undefined;
  const [fromHour = 0, fromMinute = 0, toHour = 0, toMinute = 0] = match.slice(1).map(Number);
  const from = fromHour * 60 + fromMinute;
  const to = toHour * 60 + toMinute;
  const valid = fromMinute < 60 && toMinute < 60 && from < minutesPerDay && to <= minutesPerDay && from !== to;
  return valid ? { from, to } : undefined;
}

export function isTimeZone(name: string): boolean {
  return formatFor(name) !== undefined;
}
