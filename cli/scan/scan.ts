import type { DeletionRequest } from "../../lib/domain/deletion/request.ts";
import { type KeyArn, keyArnParts } from "../../lib/domain/key/key-arn.ts";
import type { KeyObservation } from "../../lib/domain/key/payment-key.ts";
import { principalOf } from "../../lib/domain/people/requester.ts";
import { decide } from "../../lib/domain/policy/decide.ts";
import type { Decision, Facts, LazyFact } from "../../lib/domain/policy/decision.ts";
import type { Policy } from "../../lib/domain/policy/policy.ts";
import { progressBar } from "../shell/progress-bar.ts";

/** What a scan reads of one account and region. Every call throws what AWS answers. */
export interface KeysToScan {
  readonly pending: () => Promise<readonly { readonly arn: KeyArn; readonly usage: string }[]>;
  readonly observe: (arn: KeyArn) => Promise<KeyObservation>;
  readonly tags: (arn: KeyArn) => Promise<Readonly<Record<string, string>>>;
  readonly aliases: (arn: KeyArn) => Promise<readonly string[]>;
  /** The latest deletion of each key that CloudTrail's event history (90 days) knows of. */
  readonly deletions: (account: string) => Promise<ReadonlyMap<KeyArn, DeletionRequest>>;
}

/** A key that is pending deletion, and what the policy would do. Times are ms since the epoch. */
export interface PendingKey {
  readonly arn: KeyArn;
  readonly usage: string;
  readonly deletePendingAt: number;
  readonly aliases: readonly string[];
  /** Who deleted it, and when, as far as CloudTrail remembers. */
  readonly requester?: string;
  readonly deletedAt?: number;
  readonly would: { readonly outcome: string; readonly rule: string } | { readonly needs: readonly LazyFact[] };
}

/** What a scan judges by. Without `assumeMinAge` no label counts toward a weaker outcome: nothing is deployed that has seen any. */
export interface ScanPolicy {
  readonly policy: Policy;
  readonly assumeMinAge: boolean;
}

/** Every key that is now pending deletion, soonest gone first. */
export async function scanKeys(
  keys: KeysToScan,
  by: ScanPolicy,
  progress: (text: string) => void,
): Promise<readonly PendingKey[]> {
  const listed = await keys.pending();
  const [first] = listed;
  if (first === undefined) return [];
  progress(`${listed.length} keys are pending; asking CloudTrail who deleted them`);
  const deletions = await keys
    .deletions(keyArnParts(first.arn).account)
    .catch(() => new Map<KeyArn, DeletionRequest>());
  const found: PendingKey[] = [];
  for (const [n, { arn }] of listed.entries()) {
    progress(progressBar(n + 1, listed.length, "keys"));
    const observation = await keys.observe(arn);
    if (observation.kind === "pending") found.push(await judged(keys, by, observation, deletions.get(arn)));
  }
  return found.toSorted((a, b) => a.deletePendingAt - b.deletePendingAt);
}

async function judged(
  keys: KeysToScan,
  { policy, assumeMinAge }: ScanPolicy,
  { key, deletePendingAt }: Extract<KeyObservation, { kind: "pending" }>,
  request: DeletionRequest | undefined,
): Promise<PendingKey> {
  const aliases = await keys.aliases(key.arn);
  let facts: Facts = { key, deletePendingAt, aliases, labelAge: assumeMinAge ? "assumed-old" : "not-seen" };
  if (request !== undefined) {
    const { requester: identity, at, sourceIp } = request;
    facts = { ...facts, requester: { identity, at, ...(sourceIp !== undefined && { sourceIp }) } };
  }
  let verdict = decide(policy, facts);
  if (verdict.kind === "needs" && verdict.facts.includes("tags")) {
    facts = { ...facts, tags: await keys.tags(key.arn) };
    verdict = decide(policy, facts);
  }
  const decision: Decision | undefined = verdict.kind === "decided" ? verdict.decision : verdict.regardless;
  return {
    ...{ arn: key.arn, usage: key.usage, deletePendingAt, aliases },
    ...(request && { requester: principalOf(request.requester), deletedAt: request.at }),
    would:
      decision !== undefined
        ? { outcome: decision.effect.outcome, rule: decision.rule }
        : { needs: verdict.kind === "needs" ? verdict.facts : [] },
  };
}
