import { type Measurement, metricNames, slimMetrics } from "./metrics.ts";

/** A measurement under the name by which it is published. */
export interface Published {
  readonly name: string;
  readonly value: number;
  readonly unit: Measurement["unit"];
}

/**
 * Returns what a stack with this monitoring (`full` or `slim`) publishes of the measurements. INVARIANT: for any other monitoring it is both, as nobody knows
 * which alarms there are.
 */
export function publishedOf(monitoring: string, measurements: readonly Measurement[]): readonly Published[] {
  return [
    ...(monitoring === "slim" ? [] : measurements.filter(({ name }) => metricNames.some((each) => each === name))),
    ...(monitoring === "full" ? [] : measurements.flatMap(slimmed)),
  ];
}

function slimmed({ name, value }: Measurement): readonly Published[] {
  const slim = slimMetrics[name];
  if (slim === undefined) return [];
  if (typeof slim === "string") return [{ name: slim, value, unit: "count" }];
  return value > slim.above ? [{ name: slim.name, value: 1, unit: "count" }] : [];
}
