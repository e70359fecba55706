import { type CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import { hourMs } from "../../lib/domain/time.ts";
import type { RecentFigures, SlimFigures } from "./stack-health.ts";

/** Whose figures, until when (ms). */
interface Asked {
  /** `reprieve-<stage>`. */
  readonly stackName: string;
  readonly monitoring: "full" | "slim";
  readonly now: number;
}

/** Returns the stack's own figures of the last two hours, in one call. Throws what CloudWatch answers. */
export async function recentFigures(
  client: Pick<CloudWatchClient, "send">,
  asked: Asked,
): Promise<RecentFigures | SlimFigures> {
  const { stackName, monitoring, now } = asked;
  const { MetricDataResults = [] } = await client.send(
    new GetMetricDataCommand({
      MetricDataQueries: monitoring === "full" ? fullQueries(stackName) : slimQueries(stackName),
      StartTime: new Date(now - 2 * hourMs),
      EndTime: new Date(now),
      ScanBy: "TimestampDescending",
    }),
  );
  const valuesOf = (id: string) => MetricDataResults.find(({ Id }) => Id === id)?.Values ?? [];
  const sumOf = (id: string) => valuesOf(id).reduce((sum, value) => sum + value, 0);
  if (monitoring === "full")
    return {
      monitoring,
      heartbeats: valuesOf("heartbeats").length === 0 ? undefined : sumOf("heartbeats"),
      restoresDenied: valuesOf("denied").length === 0 ? undefined : sumOf("denied"),
      logAgeSeconds: valuesOf("age")[0],
    };
  return {
    ...{ monitoring, sweeps: sumOf("sweeps"), failedSweeps: sumOf("failed") },
    ...{ keyAtRisk: sumOf("risk"), needsALook: sumOf("look") },
  };
}

function fullQueries(service: string): MetricDataQuery[] {
  return [
    ownQuery("heartbeats", "Heartbeats", "Sum", service),
    ownQuery("denied", "RestoresDenied", "Sum", service),
    ownQuery("age", "LogAgeSeconds", "Maximum", service),
  ];
}

function slimQueries(service: string): MetricDataQuery[] {
  const ofSweep = (Id: string, MetricName: string): MetricDataQuery => {
    const Dimensions = [{ Name: "FunctionName", Value: `${service}-sweep` }];
    return {
      Id,
      MetricStat: { Metric: { Namespace: "AWS/Lambda", MetricName, Dimensions }, Period: 3600, Stat: "Sum" },
    };
  };
  return [
    ...[ofSweep("sweeps", "Invocations"), ofSweep("failed", "Errors")],
    ...[ownQuery("risk", "KeyAtRisk", "Sum", service), ownQuery("look", "NeedsALook", "Sum", service)],
  ];
}

function ownQuery(Id: string, MetricName: string, Stat: string, service: string): MetricDataQuery {
  const Dimensions = [{ Name: "service", Value: service }];
  return { Id, MetricStat: { Metric: { Namespace: "Reprieve", MetricName, Dimensions }, Period: 3600, Stat } };
}
