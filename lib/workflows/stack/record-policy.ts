import { type PolicyInForce, policyIn, policyRecord } from "../../domain/stack/policy-record.ts";
import type { Log } from "../ports/guard.ts";
import type { PolicyBook } from "../ports/stack.ts";

/** What recording the policy works with. */
export interface PolicyDeps {
  readonly policies: PolicyBook;
  readonly log: Log;
  /** ms since the epoch. */
  readonly clock: () => number;
}

/** Records the policy that is in force unless the newest chain has it. Throws what the book throws. */
export async function recordPolicy({ policies, log, clock }: PolicyDeps, policy: PolicyInForce): Promise<void> {
  const chain = policyRecord(await policies.latest(), policy, clock());
  if (chain === undefined) return;
  // Who loses to another instance looks again at the next hour.
  if ((await policies.save({ chain, expectedLength: 0 })) === "conflict") return;
  const { policyHash, mode } = policy;
  log("POLICY_RECORDED", { number: policyIn(chain)?.number, policyHash, mode });
}
