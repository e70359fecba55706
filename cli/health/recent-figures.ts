import { type CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import { hourMs } from "../../lib/domain/time.ts";
import type { RecentFigures } from "./stack-health.ts";

/** Returns the stack's own figures until `now` (ms), in one call. Throws what CloudWatch answers. */
export async function recentFigures(
  client: Pick<CloudWatchClient, "send">,
  service: string,
  now: number,
): Promise<RecentFigures> {
  const Dimensions = [{ Name: "service", Value: service }];
  const query = (Id: string, MetricName: string, Stat: string): MetricDataQuery => ({
    ...{ Id, MetricStat: { Metric: { Namespace: "Reprieve", MetricName, Dimensions }, Period: 3600, Stat } },
  });
  const { MetricDataResults = [] } = await client.send(
    new GetMetricDataCommand({
      MetricDataQueries: [
        query("heartbeats", "Heartbeats", "Sum"),
        query("denied", "RestoresDenied", "Sum"),
        query("age", "LogAgeSeconds", "Maximum"),
      ],
      StartTime: new Date(now - 2 * hourMs),
      EndTime: new Date(now),
      ScanBy: "TimestampDescending",
    }),
  );
  const valuesOf = (id: string) => MetricDataResults.find(({ Id }) => Id === id)?.Values ?? [];
  const sumOf = (values: readonly number[]) =>
    values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0);
  return {
    heartbeats: sumOf(valuesOf("heartbeats")),
    restoresDenied: sumOf(valuesOf("denied")),
    logAgeSeconds: valuesOf("age")[0],
  };
}
