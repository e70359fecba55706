/** What is left to do for a person once the stack is there. `endpoint`: address of its HTTP API. */
export function nextSteps(stage: string, region: string, endpoint: string, mode: "observe" | "enforce"): string {
  return `What to do next
  1. Confirm the subscription that was mailed to REPRIEVE_ALARM_MAIL: alarms go nowhere before.
  2. Slack: make an app from slack-app-manifest.yml (npm run slack-manifest -- --endpoint ${endpoint}), install it, invite it to the channel, and store
       aws secretsmanager put-secret-value --region ${region} --secret-id reprieve/${stage}/slack-signing-secret --secret-string ...
       aws secretsmanager put-secret-value --region ${region} --secret-id reprieve/${stage}/slack-bot-token --secret-string ...
  3. See it work: npm run verify-deployment -- --stage ${stage} --region ${region}
  4. ${
    mode === "observe"
      ? "The policy observes: it decides, records and tells, and changes nothing. Read what it would have done for a week; then set `mode: enforce` and deploy again."
      : "The policy enforces: deletions that it does not allow are undone from now on."
  }`;
}
