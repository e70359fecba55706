import type { SeenChange, Weight } from "../../domain/operations/operation.ts";
import { labelFacts, mayDecideOtherwise, readsLabels } from "../../domain/policy/change-facts.ts";
import type { Facts } from "../../domain/policy/decision.ts";
import { type ChangeVerdict, judgeChange } from "../../domain/policy/judge-change.ts";
import { pauseInForce } from "../guard/pause-in-force.ts";
import type { ChangeDeps } from "./change-deps.ts";
import type { Sight } from "./see-change.ts";

/** A change as the policy judges it. */
export interface Judged extends ChangeVerdict {
  readonly weight: Weight;
  /** The change, with what the policy would decide of it. */
  readonly seen: SeenChange;
  readonly mode: "observe" | "enforce";
  /** The number of the pause because of which an enforcing policy only observes. */
  readonly pausedBy?: number;
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
  return { ...verdict, weight, seen, mode, ...(pausedBy !== undefined && { pausedBy }) };
}

async function labelsOf({ labelsSeen, clock }: ChangeDeps, { keyArn, recorded }: Sight): Promise<Partial<Facts>> {
  return labelFacts(keyArn && (await labelsSeen(keyArn)), recorded.at, clock());
}

/** Conditions on account and Region read them of the key's ARN; where there is no key, they are those of the stack. */
function placeholder({ account, region }: ChangeDeps["stack"]): Facts["key"]["arn"] {
  return `arn:aws:payment-cryptography:${region}:${account}:key/0000000000000000` as Facts["key"]["arn"];
}
