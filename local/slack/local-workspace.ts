import { SlackWorkspace, type WorkspaceOptions } from "./workspace.ts";

/** What the packaged stack has to know of the workspace. */
export const slackSettings = {
  slackTeam: "T0LOCAL",
  slackApp: "A0REPRIEVE",
  slackChannel: "C0CUSTODIANS",
  slackEscalation: "C0ONCALL",
};

/** Made up: nobody's workspace has them. */
export const signingSecret = "5a1e0c0ffee0c0ffee0c0ffee0c0ffee";
export const botToken = "xoxb-local-reprieve";

/** The workspace of the local world, with the people of local/policy.yaml, and one whom the policy does not know. */
export function createLocalWorkspace(
  options: Pick<WorkspaceOptions, "now" | "interactionsUrl" | "timeoutMs" | "fetch">,
): SlackWorkspace {
  return new SlackWorkspace({
    ...options,
    signingSecret,
    botToken,
    teamId: slackSettings.slackTeam,
    appId: slackSettings.slackApp,
    members: ["alice", "bob", "carol", "mallory"].map((name) => ({ id: `U0${name.toUpperCase()}`, name })),
    channels: [
      { id: slackSettings.slackChannel, name: "payment-key-custodians" },
      { id: slackSettings.slackEscalation, name: "payments-on-call" },
    ],
  });
}
