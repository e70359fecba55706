import { dateAndTime } from "../../../lib/notices/words.ts";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** What is left of a time, as short as it is clear. */
export function leftText(ms: number): string {
  if (ms <= 0) return "due";
  if (ms >= 2 * day) return `${Math.floor(ms / day)} d ${Math.floor((ms % day) / hour)} h`;
  if (ms >= hour) return `${Math.floor(ms / hour)} h ${Math.floor((ms % hour) / minute)} min`;
  return `${Math.floor(ms / minute)} min ${Math.floor((ms % minute) / second)} s`;
}

/** `18:02:11`, in UTC. */
export function clockText(at: number): string {
  return dateAndTime(at).slice(11);
}

/** `2026-11-29 18:02`, in UTC. */
export function minuteOf(at: number): string {
  return dateAndTime(at).slice(0, 16);
}

/** `TR31_P0_PIN_ENCRYPTION_KEY` as people say it. */
export function usageText(usage: string): string {
  return usage
    .replace(/^TR31_/, "")
    .replace(/_KEY$/, "")
    .replace(/^([A-Z]\d)_/, "$1 ")
    .replaceAll("_", " ")
    .toLowerCase()
    .replace(/^\w\d/, (code) => code.toUpperCase());
}

/** The id of the key in an ARN or the name of a case, with its generation. */
export function shortName(name: string): string {
  return name.split("/").at(-1) ?? name;
}
