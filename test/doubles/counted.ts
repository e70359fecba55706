import { countingFailures } from "../../functions/shared/log-table.ts";
import { createMetrics, type Metrics } from "../../functions/shared/metrics.ts";
import type { Log } from "../../lib/workflows/ports/guard.ts";

/** Metrics as an invocation publishes them at its end, whether it throws or not, and the log that counts its failures. */
export function createCountedInvocation() {
  const published: string[] = [];
  const { flush, ...metrics } = createMetrics(async (measurements) => {
    published.push(...measurements.map(({ name }) => name));
  });
  const counting = (log: Log = () => {}): Log => countingFailures(log, metrics);
  /** The names of what `invoke` published, each once. */
  const countedBy = async (invoke: (metrics: Metrics) => Promise<unknown>): Promise<string[]> => {
    await invoke(metrics).catch(() => {});
    await flush();
    return [...new Set(published.splice(0))].sort();
  };
  return { metrics, counting, countedBy };
}
