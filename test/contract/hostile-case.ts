import { expect } from "vitest";
import { maxCaseBytes } from "../../lib/domain/case/size-limits.ts";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
import type { CaseStore } from "../../lib/workflows/ports/guard.ts";
import { policyWith } from "../doubles/guard.ts";
import { hostileAliases, hostileRules, hostileTags } from "../doubles/hostile.ts";
import { createKeyWorld, deletionRequest, t0 } from "../doubles/key-world.ts";
import { createTestSweep } from "../doubles/sweeper.ts";

const label = { tags: { Environment: "prod" }, alias: "alias/prod/*" };
const when = { key: { usage: "TR31_C0_CARD_VERIFICATION_KEY" } };
const rules = [
  ...hostileRules(),
  { id: "prod", when: { key: label }, then: "restore" },
  { id: "rest", when, then: "ask", approval: { from: "custodians", quorum: 2, within: "24h" } },
];
const policy = (mode: "observe" | "enforce") => policyWith(rules, { mode });

/** A key with as many labels as AWS allows is deleted under `observe`, and the policy enforces afterwards. */
export async function restoresAfterObserving(cases: CaseStore): Promise<void> {
  const keys = createKeyWorld({ tagsOfKey: hostileTags(), aliasesOfKey: hostileAliases() });
  const sweep = createTestSweep(keys, t0 + 5_000, { policy: policy("observe"), cases });
  sweep.inHistory.latest = deletionRequest();
  await guardDeletion(sweep.guard, { source: "event", request: deletionRequest(), deliveries: 1 });
  expect(keys.state).toBe("DELETE_PENDING");
  sweep.time.now += 900_000;
  const report = await sweep.run({ policy: policy("enforce") });
  expect(report.failed).toBe(0);
  expect(keys.state).toBe("CREATE_COMPLETE");
  const texts = (await cases.history(keys.key.arn)).newest?.chain.texts ?? [];
  const bytes = Buffer.byteLength(texts.join(""));
  expect(bytes).toBeLessThan(maxCaseBytes / 10);
}
