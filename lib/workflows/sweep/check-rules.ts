import { causeOf, codeOf } from "../../domain/guard-error.ts";
import type { Log } from "../ports/guard.ts";
import type { ReadRuleHealth } from "../ports/self-check.ts";

/** What looks at the stack's rules. */
export interface RuleCheckDeps {
  /** Every rule that the stack relies on. */
  readonly ruleArns: readonly string[];
  readonly readRuleHealth: ReadRuleHealth;
  readonly log: Log;
}

/** Looks at every rule of the stack, and logs each that does not work, or cannot be looked at. Never throws. */
export async function checkRules({ ruleArns, readRuleHealth, log }: RuleCheckDeps): Promise<void> {
  await Promise.all(
    ruleArns.map(async (ruleArn) => {
      try {
        const health = await readRuleHealth(ruleArn);
        if (health !== "working") log("RULE_NOT_WORKING", { ruleArn, health });
      } catch (error) {
        log("RULE_UNREADABLE", { ruleArn, code: codeOf(error), ...causeOf(error) });
      }
    }),
  );
}
