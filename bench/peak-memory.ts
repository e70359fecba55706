import { existsSync, readFileSync } from "node:fs";

const status = "/proc/self/status";

/**
 * Megabytes resident at most, Node included. Linux counts what the parent had at the fork into `resourceUsage().maxRSS`, so the
 * process's own high-water mark is read where there is one.
 */
export function peakMegabytes(): number {
  const own = existsSync(status) ? /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(status, "utf8"))?.[1] : undefined;
  return (own === undefined ? process.resourceUsage().maxRSS : Number(own)) / 1024;
}
