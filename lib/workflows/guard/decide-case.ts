import type { Case } from "../../domain/case/case.ts";
import type { DeletionRequest } from "../../domain/deletion/request.ts";
import { codeOf } from "../../domain/guard-error.ts";
import type { KnownKey } from "../../domain/key/payment-key.ts";
import type { Decided } from "../../domain/ledger/entry.ts";
import { recordedHeldBack } from "../../domain/ledger/recorded-held-back.ts";
import { labelsRead } from "../../domain/ledger/recorded-labels.ts";
import { recordedPassedOver } from "../../domain/ledger/recorded-passed-over.ts";
import { decide } from "../../domain/policy/decide.ts";
import type { Decision, Facts, PolicyVerdict } from "../../domain/policy/decision.ts";
import type { LabelAge } from "../../domain/policy/label-age.ts";
import type { Policy } from "../../domain/policy/policy.ts";
import { sameEffect, stricter } from "../../domain/policy/strictness.ts";
import type { Labels } from "./labels-once.ts";
import type { Guard } from "./run.ts";

/** What a decision may do without: no missing fact delays a restore forever. */
export interface MissingFacts {
  /** No record of the deletion has come, and none is waited for any more: the requester counts as unknown. */
  readonly withoutRequester: boolean;
  /** Tags, aliases and an inventory that cannot be read count as contested, which never weakens an outcome. */
  readonly withoutLabels: boolean;
}

/**
 * Returns what the policy decides about the case `state`: the strictest decision over all records that may have led to the pending deletion.
 * The inventory, tags and aliases are read only where a rule that could still match reads them. Undefined when the requester could
 * change the outcome and a record of the deletion may still come. Throws a GuardError when labels, or an inventory that matters, cannot be read.
 */
export async function decideCase(
  guard: Pick<Guard, "policy" | "log" | "clock">,
  labels: Labels,
  state: Case,
  key: KnownKey,
  missing: MissingFacts,
): Promise<Decided | undefined> {
  const judge = async (ageOf: Reading["ageOf"]) => await decideWith({ ...guard, labels, state, key, ageOf }, missing);
  try {
    return await judge(labelAgeOf);
  } catch (error) {
    if (codeOf(error) !== "INVENTORY_UNAVAILABLE") throw error;
    guard.log("LABELS_UNREADABLE", { keyArn: key.arn, fact: "labelAge", code: codeOf(error) });
    const unread = await judge(async () => "unreadable");
    // A restore does not wait for what cannot change it.
    const old = missing.withoutLabels ? unread : await judge(async () => "assumed-old");
    const isSame = unread === undefined || old === undefined ? unread === old : sameEffect(unread.effect, old.effect);
    if (isSame) return unread;
    throw error;
  }
}

async function decideWith(reading: Reading, missing: MissingFacts): Promise<Decided | undefined> {
  const { policy, state, key } = reading;
  const requests = state.requests.length > 0 ? state.requests : [undefined];
  let facts = requests.map((request) => factsOf(state, key, request));
  for (;;) {
    const verdicts = facts.map((each) => decide(policy, each));
    const fetched = await fetchFacts(reading, verdicts, missing);
    if (fetched === undefined) return strictestOf(policy, facts, verdicts);
    facts = facts.map((each) => ({ ...each, ...fetched }));
  }
}

function factsOf(state: Case, key: KnownKey, request: DeletionRequest | undefined): Facts {
  return {
    key,
    ...(state.deletePendingAt !== undefined && { deletePendingAt: state.deletePendingAt }),
    ...(request !== undefined && {
      requester: {
        identity: request.requester,
        at: request.at,
        ...(request.sourceIp !== undefined && { sourceIp: request.sourceIp }),
      },
    }),
  };
}

interface Reading extends Pick<Guard, "policy" | "log" | "clock"> {
  readonly labels: Labels;
  readonly state: Case;
  readonly key: KnownKey;
  readonly ageOf: (reading: Reading) => Promise<LabelAge>;
}

/** The facts that `verdicts` need, as far as they can be had; undefined when only a record that is awaited can tell. */
async function fetchFacts(
  reading: Reading,
  verdicts: readonly PolicyVerdict[],
  { withoutRequester, withoutLabels }: MissingFacts,
): Promise<Partial<Facts> | undefined> {
  const { labels, key, log } = reading;
  const open = verdicts.filter((verdict) => verdict.kind === "needs");
  const needed = new Set(open.flatMap(({ facts }) => facts));
  const read = async <Label>(
    name: "tags" | "aliases",
    label: () => Promise<Label>,
  ): Promise<Label | "unreadable" | undefined> =>
    needed.has(name)
      ? await label().catch((error: unknown) => {
          log("LABELS_UNREADABLE", { keyArn: key.arn, fact: name, code: codeOf(error) });
          if (withoutLabels) return "unreadable" as const;
          throw error;
        })
      : undefined;
  const labelAge = needed.has("labelAge") ? await reading.ageOf(reading) : undefined;
  const tags = await read("tags", async () => await labels.tags(key.arn));
  const aliases = await read("aliases", async () => await labels.aliases(key.arn));
  const fetched = {
    ...(labelAge !== undefined && { labelAge }),
    ...(tags !== undefined && { tags }),
    ...(aliases !== undefined && { aliases }),
  };
  if (Object.keys(fetched).length > 0) return fetched;
  const undecided = open.some(({ regardless }) => regardless === undefined);
  return withoutRequester && undecided ? { requester: { identity: { kind: "unknown" } } } : undefined;
}

async function labelAgeOf({ labels, state, key, clock, log }: Reading): Promise<LabelAge> {
  const seen = await labels.labelsSeen(key.arn);
  if (seen === undefined) return "not-seen";
  if (seen === "unreadable") {
    log("LABELS_UNREADABLE", { keyArn: key.arn, fact: "labelAge", code: "INVENTORY_UNREADABLE" });
    return "unreadable";
  }
  const deletedAt = Math.min(state.openedAt, ...state.requests.map(({ at }) => at));
  return { now: clock(), deletedAt, seen, ...(key.createdAt !== undefined && { createdAt: key.createdAt }) };
}

/** The first of the strictest decisions; undefined where one of them is still open. */
function strictestOf(policy: Policy, facts: readonly Facts[], verdicts: readonly PolicyVerdict[]): Decided | undefined {
  let strictest: Decided | undefined;
  for (const [n, verdict] of verdicts.entries()) {
    const decision = verdict.kind === "decided" ? verdict.decision : verdict.regardless;
    const known = facts[n];
    if (decision === undefined || known === undefined) return undefined;
    const next = decided(policy, known, decision);
    strictest = strictest === undefined ? next : stricter(strictest, next);
  }
  return strictest;
}

function decided(policy: Policy, facts: Facts, decision: Decision): Decided {
  const { effect, rule, passedOver } = decision;
  const { requester } = facts;
  const unreadable = (["tags", "aliases"] as const).filter((label) => facts[label] === "unreadable");
  return {
    kind: "decided",
    effect,
    rule,
    ...recordedPassedOver(passedOver),
    ...recordedHeldBack(decision, policy.labelMinAgeMs),
    mode: policy.mode,
    ...(policy.pausedBy !== undefined && { pause: policy.pausedBy }),
    policyHash: policy.hash,
    withRequester: requester !== undefined && requester.identity.kind !== "unknown",
    ...labelsRead(policy, decision, facts),
    ...(unreadable.length > 0 && { unreadable }),
    ...(effect.outcome === "ask" && { approvers: policy.directory.members.get(effect.approval.from) ?? [] }),
  };
}
