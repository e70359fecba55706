import { DescribeRuleCommand, type EventBridgeClient, ListTargetsByRuleCommand } from "@aws-sdk/client-eventbridge";
import { GuardError } from "../../domain/guard-error.ts";
import type { ReadRuleHealth, RuleHealth } from "../../workflows/ports/self-check.ts";
import { ruleIn } from "./rule-name.ts";

/** Reads the health of a rule by DescribeRule and ListTargetsByRule. */
export function createReadRuleHealth(client: EventBridgeClient): ReadRuleHealth {
  return async (ruleArn) => {
    const { name, bus } = ruleIn(ruleArn);
    try {
      const { State } = await client.send(new DescribeRuleCommand({ Name: name, ...bus }));
      if (State === undefined || !State.startsWith("ENABLED")) return "disabled";
      const { Targets = [] } = await client.send(new ListTargetsByRuleCommand({ Rule: name, ...bus, Limit: 1 }));
      return Targets.length === 0 ? "without-target" : "working";
    } catch (error) {
      return missingOrThrow(error);
    }
  };
}

function missingOrThrow(error: unknown): RuleHealth {
  const name = error instanceof Error ? error.name : "unknown";
  if (name === "ResourceNotFoundException") return "missing";
  const code = name === "AccessDeniedException" ? "ACCESS_DENIED" : "BUS_UNAVAILABLE";
  throw new GuardError(code, "retry", `the rule cannot be read: \`${name}\``, { cause: error });
}
