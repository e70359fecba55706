const width = 30;

/** How far something has come, for a terminal: `████▌      45 %  12000 entries`. Without a total there is only the number. */
export function progressBar(done: number, total: number | undefined, unit: string): string {
  if (total === undefined || total <= 0) return `${done} ${unit}`;
  const part = Math.min(1, done / total);
  const filled = Math.floor(part * width);
  return `${"█".repeat(filled)}${"░".repeat(width - filled)} ${String(Math.floor(part * 100)).padStart(3)} %  ${done} of ${total} ${unit}`;
}
