import { printableText } from "../../lib/domain/printable-text.ts";
import type { Finding } from "./finding.ts";
import type { Audience, HealthSubject, Subscriptions } from "./stack-health.ts";

interface Heard {
  readonly audience: Audience;
  /** Whether each secret has a value. */
  readonly secretsSet: Readonly<Record<string, boolean>>;
}

/** Tells whether anyone learns of an alarm, of a change of the guard, and of a case. Slack counts only with both of its secrets. */
export function audienceFindings(
  { audience, secretsSet }: Heard,
  { stage, region }: HealthSubject,
): readonly Finding[] {
  const { alarms, tamper, notices, slackChannel } = audience;
  const missing = Object.entries(secretsSet).flatMap(([name, isSet]) => (isSet ? [] : [name]));
  const usesSlack = slackChannel !== undefined;
  const readers = [
    ...(usesSlack && missing.length === 0 ? [`channel ${printableText(slackChannel, 30)} in Slack`] : []),
    ...(notices.confirmed === 0 ? [] : [`${notices.confirmed} confirmed by mail`]),
  ];
  return [
    mailFinding("alarm mail", alarms, "NOBODY is alerted"),
    mailFinding("tamper mail", tamper, "NOBODY hears when someone switches the guard off"),
    readers.length > 0
      ? { subject: "notices", verdict: "good", found: readers.join(", ") }
      : {
          subject: "notices",
          verdict: "bad",
          found: `NOBODY is notified of a case: ${usesSlack ? "its Slack secrets have no value" : "no Slack"}, and ${waiting(notices)}. Set noticeMail or slack in the stage's file, deploy, and confirm the mail`,
        },
    ...(usesSlack ? [secretsFinding(missing, stage, region)] : []),
  ];
}

function mailFinding(subject: string, subscriptions: Subscriptions, consequence: string): Finding {
  if (subscriptions.confirmed > 0) return { subject, verdict: "good", found: `${subscriptions.confirmed} confirmed` };
  const found = `${consequence}: ${waiting(subscriptions)}. Set alarmMail in the stage's file, deploy, and confirm the mail`;
  return { subject, verdict: "bad", found };
}

function waiting({ pending }: Subscriptions): string {
  if (pending === 0) return "nobody has subscribed";
  return `${pending} ${pending === 1 ? "subscription is" : "subscriptions are"} not confirmed`;
}

function secretsFinding(missing: readonly string[], stage: string, region: string): Finding {
  const subject = "secrets";
  if (missing.length === 0) return { subject, verdict: "good", found: "signing secret and bot token of Slack are set" };
  const commands = missing.map(
    (name) =>
      `\`aws secretsmanager put-secret-value --region ${region} --secret-id reprieve/${stage}/${name} --secret-string ...\``,
  );
  return {
    subject,
    verdict: "bad",
    found: `these have no value, and Slack cannot work without them: ${commands.join(", ")}`,
  };
}
