import { guardVersion, policyHash, policyText } from "reprieve:build";
import { Logger } from "@aws-lambda-powertools/logger";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { sha256Hex } from "../../lib/domain/ledger/canonical-json.ts";
import { compilePolicy, type Policy } from "../../lib/domain/policy/policy.ts";
import type { PolicyDocument } from "../../lib/domain/policy/schema.ts";
import { printableText } from "../../lib/domain/printable-text.ts";
import type { Log } from "../../lib/workflows/ports/guard.ts";
import { countingFailures, logTable } from "./log-table.ts";
import { createMetrics, type Metrics } from "./metrics.ts";

/** The environment of this function. This file is its only reader. */
export const environment: Readonly<Record<string, string | undefined>> = process.env;

/** What every function stands on. */
export interface Foundation {
  readonly policy: Policy;
  readonly version: string;
  readonly logger: Logger;
  /** Counts every failure for its alarm: see functions/shared/log-table.ts. */
  readonly log: Log;
  /** ms since the epoch. */
  readonly clock: () => number;
  readonly pause: (ms: number) => Promise<unknown>;
  readonly metrics: Metrics;
  /** Publishes what was counted since the last time. */
  readonly flushMetrics: () => Promise<void>;
}

/** Throws POLICY_INVALID for a bundle whose policy is not the one that the build checked. */
export function layFoundation(): Foundation {
  const logger = new Logger({ jsonReplacerFn: printable });
  // Loaded when there is something to publish: a cold start does not wait for it.
  const { flush, ...metrics } = createMetrics(async (measurements) =>
    (await import("./publish-metrics.ts")).publishMetrics(measurements, environment["STAGE"] ?? ""),
  );
  return {
    policy: bundledPolicy(),
    version: guardVersion,
    logger,
    log: countingFailures(logTo(logger), metrics),
    clock: () => Date.now(),
    pause: async (ms) => await new Promise((resolve) => setTimeout(resolve, ms)),
    metrics,
    flushMetrics: flush,
  };
}

/** `load`, called once, when it is first needed. */
export function once<Loaded>(load: () => Promise<Loaded>): () => Promise<Loaded> {
  let loading: Promise<Loaded> | undefined;
  return async () => {
    loading ??= load();
    return await loading;
  };
}

/** The policy as the build checked it: the hash says that it is the very same, so it is not checked again at every cold start. */
function bundledPolicy(): Policy {
  if (sha256Hex(policyText) === policyHash) return compilePolicy(JSON.parse(policyText) as PolicyDocument, policyHash);
  throw new GuardError(
    "POLICY_INVALID",
    "dead-letter",
    "the policy in the bundle is not the one that the build checked",
  );
}

/** Text from events and from AWS goes into a log line only in a form that no terminal acts on. */
function printable(_key: string, value: unknown): unknown {
  return typeof value === "string" ? printableText(value, 2_000) : value;
}

function logTo(logger: Logger): Log {
  return (code, fields) => logger[logTable[code].level](code, { ...fields });
}
