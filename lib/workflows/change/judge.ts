import type { SeenChange, Weight } from "../../domain/operations/operation.ts";
import { labelFacts, mayDecideOtherwise, readsLabels } from "../../domain/policy/change-facts.ts";
import { isUndoing } from "../../domain/policy/change-outcome.ts";
import type { Facts } from "../../domain/policy/decision.ts";
import { type ChangeVerdict, judgeChange } from "../../domain/policy/judge-change.ts";
import type { Starters } from "../../domain/policy/usage-starters.ts";
import { pauseInForce } from "../guard/pause-in-force.ts";
import type { ChangeDeps } from "./change-deps.ts";
import { keyStarters } from "./key-starters.ts";
import type { Sight } from "./see-change.ts";
import { usePermit } from "./use-permit.ts";

/** A change as the policy judges it. */
export interface Judged extends ChangeVerdict {
  readonly weight: Weight;
  /** The change, with what the policy would decide of it. */
  readonly seen: SeenChange;
  readonly mode: "observe" | "enforce";
  /** The number of the pause because of which an enforcing policy only observes. */
  readonly pausedBy?: number;
  /** The permit that lets the change pass, although a rule would undo it. */
  readonly permit?: string;
  /** Of a stop: those who may have the key started again. */
  readonly starters?: Starters;
}

/** Judges a change by the policy. Throws what the store throws. */
export async function judge(deps: ChangeDeps, sight: Sight, readable: boolean): Promise<Judged> {
  const { operation, recorded, keyArn } = sight;
  const { policy } = deps;
  const seen = { ...sight.seen, decidesOtherwise: mayDecideOtherwise(policy, sight.seen.change.details ?? {}) };
  const change = operation.facts(seen);
  const weight = readable ? operation.weight(seen) : "grave";
  const labels = readsLabels(policy, operation.name) ? await labelsOf(deps, sight) : {};
  const facts: Facts = {
    ...{ key: seen.key ?? { arn: keyArn ?? placeholder(deps.stack) }, change, ...labels },
    requester: {
      ...{ identity: recorded.requester, at: recorded.at },
      ...(recorded.sourceIp !== undefined && { sourceIp: recorded.sourceIp }),
    },
  };
  const verdict = judgeChange(policy, { operation: operation.name, weight, facts, hasKey: keyArn !== undefined });
  const pausedBy = await pauseInForce(deps);
  const mode = pausedBy === undefined ? policy.mode : "observe";
  const judged = { ...(await permitted(deps, { ...sight, seen }, verdict)), weight, seen, mode };
  const starters = mode === "enforce" ? await startersOf(deps, sight, seen, judged) : undefined;
  return { ...judged, ...(pausedBy !== undefined && { pausedBy }), ...(starters !== undefined && { starters }) };
}

/** A permit lets a change pass; where it may and the requester is unknown, people are notified and nothing is undone. */
async function permitted(
  deps: ChangeDeps,
  sight: Sight,
  verdict: ChangeVerdict,
): Promise<ChangeVerdict & Pick<Judged, "permit">> {
  const permit = isUndoing(verdict.outcome) ? await usePermit(deps, sight, verdict.approval) : undefined;
  if (permit === undefined) return verdict;
  if (permit === "unknown")
    return { outcome: "notify", rule: "none", doubt: { rule: verdict.rule, condition: "requester" } };
  return { outcome: "allow", rule: verdict.rule, permit };
}

/** A key that was stopped may be started again on request, where its rules let people do that. */
async function startersOf(
  deps: ChangeDeps,
  { operation, recorded, keyArn }: Sight,
  seen: SeenChange,
  { outcome, approval }: ChangeVerdict,
): Promise<Starters | undefined> {
  if (operation.startable !== true || keyArn === undefined || outcome === "allow") return undefined;
  const { requester, at, sourceIp } = recorded;
  const starters = await keyStarters(deps, {
    ...{ keyArn, requester, at, wasEnabled: seen.before === "enabled" },
    ...(sourceIp !== undefined && { sourceIp }),
    ...(seen.key !== undefined && { key: seen.key }),
    ...(approval !== undefined && { approval }),
  });
  return starters.persons.length === 0 ? undefined : starters;
}

async function labelsOf({ labelsSeen, clock }: ChangeDeps, { keyArn, recorded }: Sight): Promise<Partial<Facts>> {
  return labelFacts(keyArn && (await labelsSeen(keyArn)), recorded.at, clock());
}

/** Conditions on account and Region read them of the key's ARN; where there is no key, they are those of the stack. */
function placeholder({ account, region }: ChangeDeps["stack"]): Facts["key"]["arn"] {
  return `arn:aws:payment-cryptography:${region}:${account}:key/0000000000000000` as Facts["key"]["arn"];
}
