const units = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `30m`, `24h` or `7d` in ms, or undefined. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,4})([mhd])$/.exec(text);
  if (match === null) return undefined;
  const [, count = "", unit = ""] = match;
  return Number(count) * units[unit as keyof typeof units];
}
