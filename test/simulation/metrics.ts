/** Something that CloudWatch counted. */
export interface Counted {
  /** ms since the epoch. */
  readonly at: number;
  /** Name of the metric; those of Lambda as `guard.Errors`. */
  readonly name: string;
  readonly value: number;
  /** The function that counted it. */
  readonly by?: string;
}

/** Returns the measurements of one log line in CloudWatch's embedded metric format; none for any other line. */
export function measurementsIn(line: string): { readonly name: string; readonly value: number }[] {
  if (!line.includes('"CloudWatchMetrics"')) return [];
  const parsed = JSON.parse(line) as Record<string, unknown> & {
    readonly _aws: {
      readonly CloudWatchMetrics: readonly { readonly Metrics: readonly { readonly Name: string }[] }[];
    };
  };
  return parsed._aws.CloudWatchMetrics.flatMap(({ Metrics }) => Metrics).map(({ Name }) => ({
    name: Name,
    value: [parsed[Name]].flat().reduce<number>((sum, value) => sum + Number(value), 0),
  }));
}
