import type { Command } from "commander";

/** A field of a stage file as `deploy init` asks for it. */
export interface StageQuestion {
  /** Name of the answer; its option is `--` and the name in kebab case. */
  readonly name: string;
  readonly question: string;
  /** Taken where nobody answers. Without one, a person has to decide. */
  readonly otherwise?: string;
  /** Asked only if Slack is used. */
  readonly withSlack?: true;
}

/** In the order in which they are asked. */
export const stageQuestions: readonly StageQuestion[] = [
  { name: "account", question: "AWS account, 12 digits" },
  { name: "region", question: "the payment keys' Region, such as us-east-1" },
  {
    name: "profile",
    question: "profile of ~/.aws/config, or none for the credentials of the shell",
    otherwise: "none",
  },
  { name: "policy", question: "policy file, relative to the stage file", otherwise: "../policy/policy.yaml" },
  { name: "alarmMail", question: "mail address that receives alarms, or none" },
  { name: "noticeMail", question: "mail address that receives the notices of every case, or none" },
  { name: "auditLock", question: "GOVERNANCE, or COMPLIANCE, which nobody can take back" },
  { name: "retentionDays", question: "days for which nothing of the audit trail can be deleted, at least 365" },
  { name: "signingKey", question: "ARN of the KMS key (ECC_NIST_EDWARDS25519) that signs the log, or none" },
  { name: "auditKey", question: "ARN of another account's symmetric KMS key, or none", otherwise: "none" },
  { name: "slackTeam", question: "id of the Slack workspace (T...), or none" },
  { name: "slackChannel", question: "id of the Slack channel for cases (C...)", withSlack: true },
  {
    name: "slackEscalation",
    question: "id of the channel or user group for escalations, or none",
    otherwise: "none",
    withSlack: true,
  },
  { name: "slackApp", question: "id of this stack's Slack app (A...), or none", withSlack: true },
  { name: "guardCallsPerSecond", question: "control-plane calls per second of each guard", otherwise: "1.5" },
  { name: "deployerRole", question: "ARN of the role that deploys, or none" },
  { name: "breakGlassRole", question: "ARN of the role for emergencies, or none" },
  { name: "functionPolicies", question: "on or off: deny invocations by hand", otherwise: "off" },
  { name: "permissionsBoundary", question: "ARN of the policy that bounds every role, or none", otherwise: "none" },
  { name: "rolePath", question: "IAM path of every role, such as /reprieve/, or /", otherwise: "/" },
  { name: "tags", question: "tags of the stack, such as team=payments,tier=1, or none", otherwise: "none" },
  { name: "cloudFormationRole", question: "ARN of the role as which CloudFormation acts, or none", otherwise: "none" },
  { name: "reservedConcurrency", question: "on or off: keep 13 executions for the functions", otherwise: "on" },
  { name: "monitoring", question: "full, or slim for three metrics and eight alarms", otherwise: "full" },
];

/** Returns the option that answers a question, such as `--alarm-mail`. */
export function optionFor(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Returns `command` with an option for each question. */
export function addStageAnswers(command: Command): Command {
  for (const { name, question, otherwise } of stageQuestions)
    command.option(
      `${optionFor(name)} <value>`,
      otherwise === undefined ? question : `${question} (default: ${otherwise})`,
    );
  return command;
}
