import type { StackSettings } from "./settings.ts";

/** A stack that was just deployed. */
export interface Deployed {
  readonly stage: string;
  readonly region: string;
  /** Address of its HTTP API. */
  readonly endpoint: string;
  readonly mode: "observe" | "enforce";
  readonly settings: StackSettings;
}

/** Returns what is left to do for a person once the stack is there. */
export function nextSteps({ stage, region, endpoint, mode, settings }: Deployed): string {
  const { alarmMail, noticeMail, slackApp } = settings;
  const steps = [
    alarmMail === "none"
      ? "NOBODY is alerted: set alarmMail in the stage's file, and deploy again."
      : `Confirm the subscriptions "reprieve-${stage}-alarms" and "reprieve-${stage}-tamper" that were mailed to ${alarmMail}: alarms go nowhere before.`,
    `Have changes of the stack's roles reported, once per account: docs/deployment.md, "Changes of the roles".`,
    ...(noticeMail === "none"
      ? slackApp === "none"
        ? ["NOBODY is notified of a case: set noticeMail or slack in the stage's file, and deploy again."]
        : []
      : [
          `Confirm the subscription "reprieve-${stage}-notices" that was mailed to ${noticeMail}, for the notices of each case.`,
        ]),
    ...(slackApp === "none" ? [] : [slackStep(stage, region, endpoint)]),
    `Verify the deployment: npm run verify-deployment -- --stage ${stage} --region ${region}`,
    mode === "observe"
      ? "The policy observes: it decides, records and notifies, and changes nothing. Read for a week what it would have done; then set `mode: enforce` and deploy again."
      : "The policy enforces: deletions that it does not allow are undone from now on.",
  ];
  return ["Next steps", ...steps.map((step, n) => `  ${n + 1}. ${step}`)].join("\n");
}

function slackStep(stage: string, region: string, endpoint: string): string {
  const store = (name: string) =>
    `       aws secretsmanager put-secret-value --region ${region} --secret-id reprieve/${stage}/${name} --secret-string ...`;
  return `Slack: make an app from slack-app-manifest.yml (npm run slack-manifest -- --endpoint ${endpoint}), install it, invite it to the channel, and store
${store("slack-signing-secret")}
${store("slack-bot-token")}`;
}
