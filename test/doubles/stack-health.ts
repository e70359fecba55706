import { type StackHealth, stackFunctions } from "../../cli/health/stack-health.ts";

/** A stack that works, and whose notices people get by mail; but for `over`. */
export function healthy(over: Partial<StackHealth> = {}): StackHealth {
  return {
    functions: async () =>
      Object.entries(stackFunctions).map(([name, { queue, reserved }]) => ({
        ...{ name, reserved, wanted: reserved },
        ...(queue && { mapping: "Enabled", mappingId: `${name}-mapping` }),
      })),
    scheduleState: async () => "ENABLED",
    secretsSet: async () => ({ "slack-signing-secret": true, "slack-bot-token": true }),
    tableIsProtected: async () => true,
    keyState: async () => "Enabled",
    recentFigures: async () => ({ monitoring: "full", heartbeats: 2, restoresDenied: undefined, logAgeSeconds: 120 }),
    audience: async () => ({
      alarms: { confirmed: 1, pending: 0 },
      tamper: { confirmed: 1, pending: 0 },
      notices: { confirmed: 1, pending: 0 },
      slackChannel: undefined,
    }),
    deployedPolicy: async () => ({ mode: "enforce", hash: "hash" }),
    apiUrl: async () => "https://api.example.com",
    ...over,
  };
}
