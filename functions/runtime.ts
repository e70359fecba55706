import { guardVersion, policyHash, policyText } from "reprieve:build";
import { Logger } from "@aws-lambda-powertools/logger";
import { sha256Hex } from "../lib/domain/canonical-json.ts";
import { GuardError } from "../lib/domain/guard-error.ts";
import { compilePolicy, type Policy } from "../lib/domain/policy.ts";
import type { PolicyDocument } from "../lib/domain/policy-schema.ts";
import { printableText } from "../lib/domain/printable-text.ts";
import type { Log } from "../lib/workflows/ports.ts";
import { createMetrics, type Metrics } from "./shared/metrics.ts";

/** The environment of this function. This file is its only reader. */
export const environment: Readonly<Record<string, string | undefined>> = process.env;

/** What every function stands on. */
export interface Foundation {
  readonly policy: Policy;
  readonly version: string;
  readonly logger: Logger;
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
    (await import("./shared/publish-metrics.ts")).publishMetrics(measurements, environment["STAGE"] ?? ""),
  );
  return {
    policy: bundledPolicy(),
    version: guardVersion,
    logger,
    log: logTo(logger),
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

const warnings = new Set([
  "ACTING_WITHOUT_RECORD",
  "CALLBACK_REFUSED",
  "CHECKPOINT_THERE",
  "DELETIONS_REPEATED",
  "EFFECT_FAILED",
  "KEY_HIDDEN",
  "LABELS_UNREADABLE",
  "LOOK_AGAIN_FAILED",
  "MESSAGE_REJECTED",
  "MESSAGE_RETRIED",
  "PAUSE_CHANGED",
  "PAUSE_NOT_TOLD",
  "PAUSE_REFUSED",
  "PAUSE_UNREADABLE",
  "PERMIT_NOT_TOLD",
  "PERMIT_REFUSED",
  "PUBLISH_FAILED",
  "STORE_FAILED",
  "SWEEP_STEP_FAILED",
  "VOTE_REFUSED",
  "VOTER_NOT_TOLD",
]);
const errors = new Set([
  "CASE_QUARANTINED",
  "MESSAGE_DEAD_LETTERED",
  "QUEUE_FAILED",
  "SUMMARY_UNREADABLE",
  "UNRECORDED_ANNOUNCEMENT_FAILED",
]);

function logTo(logger: Logger): Log {
  return (code, fields) => {
    const level = errors.has(code) ? "error" : warnings.has(code) ? "warn" : "info";
    logger[level](code, { ...fields });
  };
}
