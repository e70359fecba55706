/** Everything about a stack that its operator chooses; `none` stands for what the stack does without. */
export interface StackSettings {
  /** Receives alarms. */
  readonly alarmMail: string;
  /** Receives the notices of every case. */
  readonly noticeMail: string;
  readonly auditLock: "GOVERNANCE" | "COMPLIANCE";
  readonly retentionDays: number;
  /** ARN of the KMS key (ECC_NIST_EDWARDS25519) that signs the log. */
  readonly signingKey: string;
  /** Where the witness of the log is asked (https), and its verifier key. */
  readonly witnessUrl: string;
  readonly witnessKey: string;
  /** ARN of another account's KMS key that encrypts the audit bucket. Without, S3's own keys do. */
  readonly auditKey: string;
  readonly slackTeam: string;
  readonly slackApp: string;
  readonly slackChannel: string;
  readonly slackEscalation: string;
  readonly guardCallsPerSecond: number;
  /** ARN of the role that deploys the stack. With both roles, nobody else may change its queues and secrets. */
  readonly deployerRole: string;
  /** ARN of the role for emergencies: it may also read the queues. */
  readonly breakGlassRole: string;
  /** Whether function policies deny invocations by hand. */
  readonly functionPolicies: "on" | "off";
}

/** The stack's template parameter that carries each setting. */
export const parameterNames: Readonly<Record<keyof StackSettings, string>> = {
  alarmMail: "AlarmMail",
  noticeMail: "NoticeMail",
  auditLock: "AuditLockMode",
  retentionDays: "AuditRetentionDays",
  signingKey: "AuditSigningKey",
  witnessUrl: "WitnessUrl",
  witnessKey: "WitnessKey",
  auditKey: "AuditKey",
  slackTeam: "SlackTeam",
  slackApp: "SlackApp",
  slackChannel: "SlackChannel",
  slackEscalation: "SlackEscalation",
  guardCallsPerSecond: "GuardCallsPerSecond",
  deployerRole: "DeployerRole",
  breakGlassRole: "BreakGlassRole",
  functionPolicies: "FunctionPolicies",
};

export const settingNames = Object.keys(parameterNames) as readonly (keyof StackSettings)[];

/** What `npm run package`, tests and the local world use. A stage that is deployed has a file of its own. */
export const developmentSettings: StackSettings = {
  alarmMail: "none",
  noticeMail: "none",
  auditLock: "GOVERNANCE",
  retentionDays: 400,
  signingKey: "none",
  witnessUrl: "none",
  witnessKey: "none",
  auditKey: "none",
  slackTeam: "none",
  slackApp: "none",
  slackChannel: "none",
  slackEscalation: "none",
  guardCallsPerSecond: 1.5,
  deployerRole: "none",
  breakGlassRole: "none",
  functionPolicies: "off",
};

/** Returns the settings that a running stack has, as text, by the values of its parameters. */
export function runningSettings(
  parameters: Readonly<Record<string, string>>,
): Readonly<Partial<Record<keyof StackSettings, string>>> {
  const found = settingNames.flatMap((name) => {
    const value = parameters[parameterNames[name]];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(found);
}
