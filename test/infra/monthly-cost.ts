/** List prices in USD a month, us-east-1, 2026-11: see docs/deployment.md, Cost. */
const prices = { metric: 0.3, alarm: 0.1, dashboard: 3, key: 1, secret: 0.4 };

/** What no resource of the template states: requests of the KMS key, long polls, sweeps, logs, reads and events of 2,000 keys and 20 deletions. */
const usage = 0.03 + 1.36 + 0.12 + 0.03 + 0.14;

interface Resource {
  readonly Type: string;
  readonly Condition?: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

export type Monitoring = "full" | "slim";

/** Returns the resources that a stack with this monitoring has, a witness's alarm included. */
export function resourcesWith(
  monitoring: Monitoring,
  resources: Readonly<Record<string, Resource>>,
): readonly (readonly [string, Resource])[] {
  const other = monitoring === "full" ? ["SlimMonitoring"] : ["FullMonitoring", "HasCosignatureAlarm"];
  return Object.entries(resources).filter(([, { Condition = "" }]) => !other.includes(Condition));
}

/** Returns the cost of a month in which so many metrics of the stack's own are published in every hour, in USD. */
export function monthlyCost(
  monitoring: Monitoring,
  resources: Readonly<Record<string, Resource>>,
  publishedMetrics: number,
): number {
  const made = resourcesWith(monitoring, resources).map(([, resource]) => resource);
  const count = (type: string) => made.filter(({ Type }) => Type === type).length;
  const total =
    publishedMetrics * prices.metric +
    count("AWS::CloudWatch::Alarm") * prices.alarm +
    count("AWS::CloudWatch::Dashboard") * prices.dashboard +
    count("AWS::KMS::Key") * prices.key +
    count("AWS::SecretsManager::Secret") * prices.secret +
    usage;
  return Math.round(total * 100) / 100;
}
