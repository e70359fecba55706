import type { Case } from "../domain/case.ts";
import { decide } from "../domain/decide.ts";
import type { Decision, Facts, Verdict } from "../domain/decision.ts";
import type { Decided } from "../domain/entry.ts";
import { keyArnParts } from "../domain/key-arn.ts";
import type { PaymentKey } from "../domain/payment-key.ts";
import type { Policy } from "../domain/policy.ts";
import { stricter } from "../domain/strictness.ts";
import type { PaymentKeys } from "./ports.ts";

/** What one entry names at the most: an item may hold 400 KB, a policy a thousand rules, and anybody may add aliases. */
const maxPassedOver = 50;
const maxAliases = 100;

/** What a decision may do without: toward the key's life nobody waits for ever for a fact that does not come. */
export interface Impatience {
  /** No record of the deletion has come, and none is waited for any more: the requester counts as unknown. */
  readonly withoutRequester: boolean;
  /** Tags and aliases that cannot be read count as contested, which never weakens an outcome. */
  readonly withoutLabels: boolean;
}

/**
 * What the policy says of `of`, with tags and aliases fetched only where a rule that could still match reads them. Undefined
 * when the requester could change the outcome and a record of the deletion may still come.
 */
export async function decideCase(
  policy: Policy,
  keys: Pick<PaymentKeys, "tags" | "aliases">,
  of: Case,
  key: PaymentKey,
  impatience: Impatience,
): Promise<Decided | undefined> {
  let facts = factsOf(of, key);
  let verdict = decide(policy, facts);
  while (verdict.kind === "needs") {
    const fetched = await fetchFacts(keys, key, verdict, impatience);
    if (fetched === undefined) break;
    facts = { ...facts, ...fetched };
    verdict = decide(policy, facts);
  }
  const decision = verdict.kind === "decided" ? verdict.decision : verdict.regardless;
  return decision && decided(policy, of, facts, decision);
}

function factsOf(of: Case, key: PaymentKey): Facts {
  const { keyClass, usage, algorithm, origin, exportable, kcv, multiRegion } = key;
  const { region, account } = keyArnParts(key.arn);
  const request = of.requests.at(-1);
  return {
    key: {
      arn: key.arn,
      region,
      account,
      usage,
      keyClass,
      algorithm,
      origin,
      exportable,
      kcv,
      ...(multiRegion !== undefined && { multiRegion }),
    },
    ...(of.deletePendingAt !== undefined && { deletePendingAt: of.deletePendingAt }),
    ...(request !== undefined && {
      requester: {
        who: request.requester,
        at: request.at,
        ...(request.sourceIp !== undefined && { sourceIp: request.sourceIp }),
      },
    }),
  };
}

/** The facts that `verdict` needs, as far as they can be had; undefined when only a record that is awaited can tell. */
async function fetchFacts(
  keys: Pick<PaymentKeys, "tags" | "aliases">,
  { arn }: PaymentKey,
  { facts: needed, regardless }: Extract<Verdict, { kind: "needs" }>,
  { withoutRequester, withoutLabels }: Impatience,
): Promise<Partial<Facts> | undefined> {
  const read = async <Label>(label: () => Promise<Label>): Promise<Label | "unreadable"> =>
    await label().catch((error: unknown) => {
      if (withoutLabels) return "unreadable" as const;
      throw error;
    });
  const tags = needed.includes("tags") ? await read(async () => await keys.tags(arn)) : undefined;
  const aliases = needed.includes("aliases") ? await read(async () => await keys.aliases(arn)) : undefined;
  if (tags !== undefined || aliases !== undefined)
    return { ...(tags !== undefined && { tags }), ...(aliases !== undefined && { aliases }) };
  return withoutRequester && regardless === undefined ? { requester: { who: { kind: "unknown" } } } : undefined;
}

function decided(policy: Policy, of: Case, facts: Facts, decision: Decision): Decided {
  // Kept as it was made, with the policy it was made by.
  if (of.keepStricter && of.decision && stricter(of.decision, decision) === of.decision) return of.decision;
  const { effect, rule, passedOver } = decision;
  const { tags, aliases, requester } = facts;
  const unreadable = (["tags", "aliases"] as const).filter((label) => facts[label] === "unreadable");
  return {
    kind: "decided",
    effect,
    rule,
    passedOver: passedOver.slice(0, maxPassedOver),
    mode: policy.mode,
    ...(policy.pausedBy !== undefined && { pause: policy.pausedBy }),
    policyHash: policy.hash,
    withRequester: requester !== undefined && requester.who.kind !== "unknown",
    ...(tags !== undefined && tags !== "unreadable" && { tags }),
    ...(aliases !== undefined && aliases !== "unreadable" && { aliases: aliases.slice(0, maxAliases) }),
    ...(unreadable.length > 0 && { unreadable }),
    ...(effect.outcome === "ask" && { approvers: policy.directory.members.get(effect.approval.from) ?? [] }),
  };
}
