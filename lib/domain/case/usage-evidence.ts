import type { PaymentKey } from "../key/payment-key.ts";
import type { UsageEvidence, WhyLeftDisabled } from "../ledger/entry.ts";

/** A stop this close to the deletion (ms) is the deletion's own; one clearly earlier was someone's decision. */
const sameMomentMs = 60_000;

/** What was seen of a key's usage when its deletion was detected. */
export interface UsageAtDetection {
  readonly key: PaymentKey;
  /** eventTime of the deletion, ms. */
  readonly deletedAt?: number;
  readonly enabledInResponse?: boolean;
  /** The key as the inventory last saw it alive, before it was deleted. */
  readonly lastSeen?: KeySighting;
}

/** One key of the daily inventory; `at` in ms. */
export interface KeySighting {
  readonly enabled: boolean;
  readonly at: number;
}

export type MayStart = { readonly evidence: UsageEvidence } | { readonly why: WhyLeftDisabled };

/**
 * Returns whether key usage may be started after the restore: only on evidence that the key was enabled before the deletion. A
 * deliberate stop is a control that starting the key would undo; see docs/aws-facts.md#restorekey-may-leave-the-key-disabled.
 */
export function mayStartUsage(detected: UsageAtDetection, now: PaymentKey): MayStart {
  const { key, deletedAt, enabledInResponse, lastSeen } = detected;
  if (now.usageStoppedAt !== key.usageStoppedAt || now.usageStartedAt !== key.usageStartedAt)
    return { why: "usage-changed-since" };
  if (lastSeen !== undefined && !lastSeen.enabled && !startedAfter(lastSeen.at, now))
    return { why: "disabled-in-inventory" };
  const stoppedAt = stopInForce(now);
  if (deletedAt !== undefined && stoppedAt !== undefined) {
    if (stoppedAt < deletedAt - sameMomentMs) return { why: "stopped-before-deletion" };
    if (stoppedAt > deletedAt + sameMomentMs) return { why: "usage-changed-since" };
    return { evidence: "stopped-by-deletion" };
  }
  if (enabledInResponse === true && stoppedAt === undefined) return { evidence: "enabled-in-deletion-response" };
  if (lastSeen?.enabled === true && stoppedAt === undefined) return { evidence: "enabled-in-inventory" };
  return { why: "no-evidence-that-it-was-enabled" };
}

/** The inventory has our clock, the key the service's. */
function startedAfter(at: number, { usageStartedAt }: PaymentKey): boolean {
  return usageStartedAt !== undefined && usageStartedAt > at - sameMomentMs;
}

function stopInForce({ usageStartedAt, usageStoppedAt }: PaymentKey): number | undefined {
  if (usageStoppedAt === undefined) return undefined;
  return usageStartedAt === undefined || usageStoppedAt >= usageStartedAt ? usageStoppedAt : undefined;
}
