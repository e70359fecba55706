import { DescribeRuleCommand, EnableRuleCommand, type EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { GuardError } from "../../domain/guard-error.ts";
import type { Rules } from "../../workflows/ports/remediation.ts";
import { ruleIn } from "./rule-name.ts";

/** The stack's rules, by DescribeRule and EnableRule. */
export function createStackRules(client: EventBridgeClient): Rules {
  return {
    state: async (ruleArn) => {
      const { name, bus } = ruleIn(ruleArn);
      try {
        const { State } = await client.send(new DescribeRuleCommand({ Name: name, ...bus }));
        return State?.startsWith("ENABLED") ? "enabled" : "disabled";
      } catch (error) {
        if (nameOf(error) === "ResourceNotFoundException") return "missing";
        throw failed(error);
      }
    },
    enable: async (ruleArn) => {
      const { name, bus } = ruleIn(ruleArn);
      await client.send(new EnableRuleCommand({ Name: name, ...bus })).catch((error: unknown) => {
        throw failed(error);
      });
    },
  };
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "unknown";
}

function failed(error: unknown): GuardError {
  const code = nameOf(error) === "AccessDeniedException" ? "ACCESS_DENIED" : "BUS_UNAVAILABLE";
  return new GuardError(code, "retry", `the rule cannot be read or enabled: \`${nameOf(error)}\``, { cause: error });
}
