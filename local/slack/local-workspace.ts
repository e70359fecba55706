import { SlackWorkspace, type WorkspaceOptions } from "./workspace.ts";

/** What the packaged stack has to know of the workspace: the variables that serverless.yml reads. */
export const slackParameters = {
  REPRIEVE_SLACK_TEAM: "T0LOCAL",
  REPRIEVE_SLACK_APP: "A0REPRIEVE",
  REPRIEVE_SLACK_CHANNEL: "C0CUSTODIANS",
  REPRIEVE_SLACK_ESCALATION: "C0ONCALL",
};

/** Made up: nobody's workspace has them. */
export const signingSecret = "5a1e0c0ffee0c0ffee0c0ffee0c0ffee";
export const botToken = "xoxb-local-reprieve";

/** The workspace of the local world, with the people of local/policy.yaml, and one whom the policy does not know. */
export function createLocalWorkspace({
  now,
  interactionsUrl,
  timeoutMs,
}: Pick<WorkspaceOptions, "now" | "interactionsUrl" | "timeoutMs">): SlackWorkspace {
  return new SlackWorkspace({
    now,
    signingSecret,
    botToken,
    teamId: slackParameters.REPRIEVE_SLACK_TEAM,
    appId: slackParameters.REPRIEVE_SLACK_APP,
    members: ["alice", "bob", "carol", "mallory"].map((name) => ({ id: `U0${name.toUpperCase()}`, name })),
    channels: [
      { id: slackParameters.REPRIEVE_SLACK_CHANNEL, name: "payment-key-custodians" },
      { id: slackParameters.REPRIEVE_SLACK_ESCALATION, name: "payments-on-call" },
    ],
    interactionsUrl,
    ...(timeoutMs !== undefined && { timeoutMs }),
  });
}
