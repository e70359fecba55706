import { randomUUID } from "node:crypto";
import { policyDocument, policyHash } from "reprieve:policy";
import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { PaymentCryptographyClient } from "@aws-sdk/client-payment-cryptography";
import { SQSClient } from "@aws-sdk/client-sqs";
import { createCaseStore } from "../lib/aws/case-store.ts";
import { createCaseBus } from "../lib/aws/event-bus.ts";
import { createGuardQueue } from "../lib/aws/guard-queue.ts";
import { createPace } from "../lib/aws/pace.ts";
import { createPaymentKeys } from "../lib/aws/payment-cryptography.ts";
import { GuardError } from "../lib/domain/guard-error.ts";
import { compilePolicy, type Policy, parsePolicy } from "../lib/domain/policy.ts";
import { printableText } from "../lib/domain/printable-text.ts";
import type { Log } from "../lib/workflows/ports.ts";
import packageJson from "../package.json" with { type: "json" };
import type { CaseReport } from "./case-report.ts";
import type { GuardBatch, GuardMetrics } from "./guard-batch.ts";
import { readSettings } from "./settings.ts";

/** The composition root: the only reader of the environment, and the only maker of clients. */
export function createRuntime(): { batch: GuardBatch; logger: Logger; metrics: Metrics } {
  const settings = readSettings(process.env);
  const logger = new Logger({ jsonReplacerFn: printable });
  const metrics = new Metrics();
  const clock = () => Date.now();
  const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  const pace = createPace(settings.CONTROL_PLANE_CALLS_PER_SECOND, clock, sleep);
  return {
    logger,
    metrics,
    batch: {
      guard: {
        policy: bundledPolicy(),
        keys: createPaymentKeys(new PaymentCryptographyClient(patience), pace),
        cases: createCaseStore(new DynamoDBClient(patience), settings.CASES_TABLE),
        bus: createCaseBus(new EventBridgeClient(patience), settings.EVENT_BUS_NAME),
        clock,
        newRunId: randomUUID,
        log: logTo(logger),
        version: packageJson.version,
      },
      queue: createGuardQueue(new SQSClient(patience), settings.GUARD_QUEUE_URL, settings.DEAD_LETTER_QUEUE_URL),
      stack: { account: settings.ACCOUNT_ID, region: settings.AWS_REGION },
      maxReceives: settings.MAX_RECEIVE_COUNT,
      metrics: metricsTo(metrics),
    },
  };
}

/**
 * Short enough (ms) that a service that hangs does not eat the guard's 30 s: the queue is the patient one. Without
 * `throwOnRequestTimeout` the SDK only warns, and waits on.
 */
const patience = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_500, throwOnRequestTimeout: true },
};

function bundledPolicy(): Policy {
  const parsed = parsePolicy(policyDocument);
  if (parsed.ok) return compilePolicy(parsed.document, policyHash);
  const faults = parsed.faults.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new GuardError("POLICY_INVALID", "dead-letter", `policy: ${faults.join("; ")}`);
}

/** Text from events and from AWS goes into a log line only in a form that no terminal acts on. */
function printable(_key: string, value: unknown): unknown {
  return typeof value === "string" ? printableText(value, 2_000) : value;
}

const warnings = new Set([
  "ACTING_WITHOUT_RECORD",
  "EFFECT_FAILED",
  "MESSAGE_REJECTED",
  "MESSAGE_RETRIED",
  "STORE_FAILED",
]);
const errors = new Set(["MESSAGE_DEAD_LETTERED", "QUEUE_FAILED", "UNRECORDED_ANNOUNCEMENT_FAILED"]);

function logTo(logger: Logger): Log {
  return (code, fields) => {
    const level = errors.has(code) ? "error" : warnings.has(code) ? "warn" : "info";
    logger[level](code, { ...fields });
  };
}

function metricsTo(metrics: Metrics): GuardMetrics {
  return {
    count: (event) => metrics.addMetric(event, MetricUnit.Count, 1),
    report: (report) => reportTo(metrics, report),
  };
}

function reportTo(metrics: Metrics, { entries, timeToUsableMs }: CaseReport): void {
  const count = (name: string) => metrics.addMetric(name, MetricUnit.Count, 1);
  if (entries.includes("key-restored")) count("KeysRestored");
  if (entries.includes("key-left-disabled")) count("KeysLeftDisabled");
  if (entries.includes("deletion-allowed")) count("DeletionsAllowed");
  if (timeToUsableMs !== undefined) metrics.addMetric("TimeToUsable", MetricUnit.Milliseconds, timeToUsableMs);
}
