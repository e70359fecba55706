import type { Policy } from "../../lib/domain/policy/policy.ts";
import { allowReaper, asking, policyWith } from "../doubles/guard.ts";
import type { KeyKind, PolicyState } from "../simulation/plan.ts";

/** A policy of the model, and the policy of the simulator that means the same: the oracle judges by that one. */
export interface ModelPolicy {
  readonly policy: Policy;
  readonly means: PolicyState;
}

/** Lets two custodians pause the guard, which then reads whether they have. */
export const pausing = { pause: { from: "custodians", atMost: "4h" } };

/** Every deletion is undone. */
export function restoring(mode: PolicyState["mode"] = "enforce", top: object = {}): ModelPolicy {
  return { policy: policyWith([], { mode, ...top }), means: { policy: "strict", mode } };
}

/** The reaper may delete the key; nobody else. */
export function allowingReaper(top: object = {}): ModelPolicy {
  const mode = "enforce";
  return { policy: policyWith([allowReaper], { mode, ...top }), means: { policy: "lenient", mode } };
}

/** Two custodians are asked about every deletion. */
export function askingTwo(meanwhile: "restored" | "pending", mode: PolicyState["mode"] = "enforce"): ModelPolicy {
  return { policy: { ...asking({ meanwhile, proof: ["aws"] }), mode }, means: { policy: "base", mode } };
}

/** The kind of key of the simulator for which `base` asks two custodians; for a card key it restores. */
export const askedAbout: KeyKind = "pin";
