import type { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { createAskGuardToProbe, createPublishHeartbeat } from "../../lib/aws/events/event-bus.ts";
import { createReadRuleHealth } from "../../lib/aws/events/rule-health.ts";
import type { Guard } from "../../lib/workflows/guard/run.ts";
import type { StateInventory } from "../../lib/workflows/ports/sweep.ts";
import type { SelfCheckDeps } from "../../lib/workflows/sweep/self-check.ts";
import type { LogStatus } from "../../lib/workflows/sweep/sequence-log.ts";
import { statesAge } from "../../lib/workflows/sweep/states-age.ts";
import type { Settings } from "../shared/settings.ts";

/** Returns what a self-check works with. Loaded once an hour: most sweeps do without it. */
export function createSelfCheck(
  settings: Settings<"sweep">,
  guard: Guard,
  bus: EventBridgeClient,
  { logStatus, progress }: { readonly logStatus: () => LogStatus } & Pick<StateInventory, "progress">,
): SelfCheckDeps {
  return {
    guard,
    keys: guard.keys,
    log: guard.log,
    stack: { account: settings.ACCOUNT_ID, region: settings.AWS_REGION },
    ruleArns: settings.RULE_ARNS,
    readRuleHealth: createReadRuleHealth(bus),
    askGuardToProbe: createAskGuardToProbe(bus, settings.EVENT_BUS_NAME),
    publishHeartbeat: createPublishHeartbeat(bus, settings.EVENT_BUS_NAME),
    logAgeMs: () => {
      const { ageSeconds } = logStatus();
      return ageSeconds === undefined ? undefined : ageSeconds * 1000;
    },
    statesAgeMs: async () => statesAge(await progress(), guard.clock()),
  };
}
