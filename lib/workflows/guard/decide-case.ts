import type { Case } from "../../domain/case/case.ts";
import type { DeletionRequest } from "../../domain/deletion/request.ts";
import { codeOf } from "../../domain/guard-error.ts";
import type { KeyArn } from "../../domain/key/key-arn.ts";
import type { KnownKey } from "../../domain/key/payment-key.ts";
import type { Decided } from "../../domain/ledger/entry.ts";
import { labelsRead } from "../../domain/ledger/recorded-labels.ts";
import { recordedPassedOver } from "../../domain/ledger/recorded-passed-over.ts";
import { decide } from "../../domain/policy/decide.ts";
import type { Decision, Facts, PolicyVerdict } from "../../domain/policy/decision.ts";
import type { Policy } from "../../domain/policy/policy.ts";
import { stricter } from "../../domain/policy/strictness.ts";
import type { Log } from "../ports/guard.ts";
import type { Labels } from "./labels-once.ts";
import type { Guard } from "./run.ts";

/** What a decision may do without: no missing fact delays a restore forever. */
export interface MissingFacts {
  /** No record of the deletion has come, and none is waited for any more: the requester counts as unknown. */
  readonly withoutRequester: boolean;
  /** Tags and aliases that cannot be read count as contested, which never weakens an outcome. */
  readonly withoutLabels: boolean;
}

/**
 * Returns what the policy decides about the case `state`: the strictest decision over all records that may have led to the pending deletion.
 * Tags and aliases are fetched only where a rule that could still match reads them. Undefined when the requester could
 * change the outcome and a record of the deletion may still come.
 */
export async function decideCase(
  { policy, log }: Pick<Guard, "policy" | "log">,
  keys: Labels,
  state: Case,
  key: KnownKey,
  missing: MissingFacts,
): Promise<Decided | undefined> {
  const requests = state.requests.length > 0 ? state.requests : [undefined];
  let facts = requests.map((request) => factsOf(state, key, request));
  for (;;) {
    const verdicts = facts.map((each) => decide(policy, each));
    const fetched = await fetchFacts({ keys, log }, key.arn, verdicts, missing);
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

/** The facts that `verdicts` need, as far as they can be had; undefined when only a record that is awaited can tell. */
async function fetchFacts(
  { keys, log }: { readonly keys: Labels; readonly log: Log },
  arn: KeyArn,
  verdicts: readonly PolicyVerdict[],
  { withoutRequester, withoutLabels }: MissingFacts,
): Promise<Partial<Facts> | undefined> {
  const open = verdicts.filter((verdict) => verdict.kind === "needs");
  const needed = new Set(open.flatMap(({ facts }) => facts));
  const read = async <Label>(label: () => Promise<Label>): Promise<Label | "unreadable"> =>
    await label().catch((error: unknown) => {
      log("LABELS_UNREADABLE", { keyArn: arn, code: codeOf(error) });
      if (withoutLabels) return "unreadable" as const;
      throw error;
    });
  const tags = needed.has("tags") ? await read(async () => await keys.tags(arn)) : undefined;
  const aliases = needed.has("aliases") ? await read(async () => await keys.aliases(arn)) : undefined;
  if (tags !== undefined || aliases !== undefined)
    return { ...(tags !== undefined && { tags }), ...(aliases !== undefined && { aliases }) };
  const undecided = open.some(({ regardless }) => regardless === undefined);
  return withoutRequester && undecided ? { requester: { identity: { kind: "unknown" } } } : undefined;
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
    mode: policy.mode,
    ...(policy.pausedBy !== undefined && { pause: policy.pausedBy }),
    policyHash: policy.hash,
    withRequester: requester !== undefined && requester.identity.kind !== "unknown",
    ...labelsRead(policy, decision, facts),
    ...(unreadable.length > 0 && { unreadable }),
    ...(effect.outcome === "ask" && { approvers: policy.directory.members.get(effect.approval.from) ?? [] }),
  };
}
