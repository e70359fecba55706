import type { Case } from "../domain/case.ts";
import { decide } from "../domain/decide.ts";
import type { Decision, Facts, LazyFact } from "../domain/decision.ts";
import type { Decided } from "../domain/entry.ts";
import { keyArnParts } from "../domain/key-arn.ts";
import type { PaymentKey } from "../domain/payment-key.ts";
import type { Policy } from "../domain/policy.ts";
import { stricter } from "../domain/strictness.ts";
import type { PaymentKeys } from "./ports.ts";

/** What one entry names at the most: an item may hold 400 KB, a policy a thousand rules, and anybody may add aliases. */
const maxPassedOver = 50;
const maxAliases = 100;

/**
 * What the policy says of `of`, with tags and aliases fetched only where a rule that could still match reads them. Undefined
 * when the requester could change the outcome and no record of the deletion is known.
 */
export async function decideCase(
  policy: Policy,
  keys: Pick<PaymentKeys, "tags" | "aliases">,
  of: Case,
  key: PaymentKey,
): Promise<Decided | undefined> {
  let facts = factsOf(of, key);
  let verdict = decide(policy, facts);
  while (verdict.kind === "needs") {
    const fetched = await fetchFacts(keys, key, verdict.facts);
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

async function fetchFacts(
  keys: Pick<PaymentKeys, "tags" | "aliases">,
  { arn }: PaymentKey,
  needed: readonly LazyFact[],
): Promise<Pick<Facts, "tags" | "aliases"> | undefined> {
  const tags = needed.includes("tags") ? await keys.tags(arn) : undefined;
  const aliases = needed.includes("aliases") ? await keys.aliases(arn) : undefined;
  if (tags === undefined && aliases === undefined) return undefined;
  return { ...(tags !== undefined && { tags }), ...(aliases !== undefined && { aliases }) };
}

function decided(policy: Policy, of: Case, facts: Facts, decision: Decision): Decided {
  const { effect, rule, passedOver } = of.keepStricter && of.decision ? stricter(of.decision, decision) : decision;
  return {
    kind: "decided",
    effect,
    rule,
    passedOver: passedOver.slice(0, maxPassedOver),
    mode: policy.mode,
    policyHash: policy.hash,
    withRequester: facts.requester !== undefined,
    ...(facts.tags !== undefined && { tags: facts.tags }),
    ...(facts.aliases !== undefined && { aliases: facts.aliases.slice(0, maxAliases) }),
  };
}
