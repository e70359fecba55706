import type { Described } from "./setting-changes.ts";
import { runningSettings } from "./settings.ts";

/** The stack that a new stage file is for, as far as it is known. */
export interface Found {
  readonly stage: string;
  readonly region: string;
  readonly account?: string;
  /** Present if the stack is deployed already. */
  readonly running?: Described;
}

/**
 * Returns the text of a new stage file: the values of the running stack, and `todo`, which no deployment accepts, where a person has to decide.
 */
export function stageTemplate({ stage, region, account, running }: Found): string {
  const values = running === undefined ? {} : runningSettings(running.parameters);
  const { slackTeam = "none", slackApp = "none", slackChannel = "none", slackEscalation = "none" } = values;
  const { alarmMail = "todo", noticeMail = alarmMail, auditLock = "todo", retentionDays = "todo" } = values;
  const { witnessUrl = "none", witnessKey = "none" } = values;
  const { signingKey = "todo", auditKey = "none", guardCallsPerSecond = "1.5" } = values;
  const { deployerRole = "todo", breakGlassRole = "todo", functionPolicies = "off" } = values;
  const slack =
    running === undefined
      ? "todo # { team: T..., channel: C..., escalation: none }, or none"
      : slackTeam === "none" && slackChannel === "none"
        ? "none"
        : `{ team: ${slackTeam}, channel: ${slackChannel}, escalation: ${slackEscalation} }`;
  const witness = witnessUrl === "none" ? "none" : `{ url: "${witnessUrl}", key: "${witnessKey}" }`;
  const mode = running?.outputs["PolicyMode"];
  return `# The stage ${stage}. Every field is written down; none stands for what the stack does without.
stage: ${stage}
places:
  - account: "${account ?? "todo"}"
    region: ${region}
    profile: none # a profile of ~/.aws/config, or none for the credentials of the shell
    slackApp: ${running === undefined ? "todo # the id of this stack's Slack app, or none" : slackApp}
policy: ../policy/policy.yaml # relative to this file${mode === undefined ? "" : `; the running stack is in mode ${mode}`}
alarmMail: ${alarmMail}
noticeMail: ${noticeMail}
auditLock: ${auditLock} # GOVERNANCE, or COMPLIANCE, which nobody can take back
retentionDays: ${retentionDays} # at least 365
signingKey: ${signingKey} # ARN of a KMS key of ECC_NIST_EDWARDS25519, or none
witness: ${witness} # { url: https://..., key: name+id+base64 } of the witness in another account, or none
auditKey: ${auditKey} # ARN of a symmetric KMS key of another account, or none for SSE-S3
slack: ${slack}
guardCallsPerSecond: ${guardCallsPerSecond}
deployerRole: ${deployerRole} # ARN of the role that deploys, or none
breakGlassRole: ${breakGlassRole} # ARN of the role for emergencies, or none
functionPolicies: "${functionPolicies}"
`;
}
