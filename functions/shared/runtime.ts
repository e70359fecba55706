import { guardVersion, policyHash, policyText } from "reprieve:build";
import type { Logger } from "@aws-lambda-powertools/logger";
import type { Policy } from "../../lib/domain/policy/policy.ts";
import type { Log } from "../../lib/workflows/ports/guard.ts";
import { bundledPolicy } from "./bundled-policy.ts";
import { environment } from "./environment.ts";
import { countingFailures, logTable } from "./log-table.ts";
import { createMetrics, type Metrics } from "./metrics.ts";
import { publishedOf } from "./monitoring.ts";
import { createLogger } from "./printable-logger.ts";

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
  const logger = createLogger();
  // Loaded when there is something to publish: a cold start does not wait for it.
  const { flush, ...metrics } = createMetrics(async (measurements) =>
    (await import("./publish-metrics.ts")).publishMetrics(
      publishedOf(environment["MONITORING"], measurements),
      environment["STAGE"] ?? "",
    ),
  );
  return {
    policy: bundledPolicy(policyText, policyHash),
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

function logTo(logger: Logger): Log {
  return (code, fields) => logger[logTable[code].level](code, { ...fields });
}
