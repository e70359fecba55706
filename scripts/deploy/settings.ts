/** What an operator chooses of a stack and no parameter carries: CloudFormation itself states it. */
export interface StackOptions {
  /** Tags of the stack, which CloudFormation gives to every resource that takes tags. */
  readonly tags: Readonly<Record<string, string>>;
  /** ARN of the role as which CloudFormation acts, or `none`: it acts as the caller who deploys. */
  readonly cloudFormationRole: string;
}

/** Everything about a stack that its operator chooses; `none` stands for what the stack does without. */
export interface StackSettings extends StackOptions {
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
  /** ARN of the policy that bounds every role of the stack. */
  readonly permissionsBoundary: string;
  /** IAM path of every role of the stack, or `/`. */
  readonly rolePath: string;
  /** Whether each function has executions that nobody else can use up. */
  readonly reservedConcurrency: "on" | "off";
  /** Whether each failure has a metric and an alarm of its own, or three metrics have all of them. */
  readonly monitoring: "full" | "slim";
}

/** A setting that a parameter of the stack carries. */
export type ParameterSetting = Exclude<keyof StackSettings, keyof StackOptions>;

/** The stack's template parameter that carries each setting. */
export const parameterNames: Readonly<Record<ParameterSetting, string>> = {
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
  permissionsBoundary: "PermissionsBoundary",
  rolePath: "RolePath",
  reservedConcurrency: "ReservedConcurrency",
  monitoring: "Monitoring",
};

export const settingNames = Object.keys(parameterNames) as readonly ParameterSetting[];

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
  permissionsBoundary: "none",
  rolePath: "/",
  reservedConcurrency: "on",
  monitoring: "full",
  tags: {},
  cloudFormationRole: "none",
};

/** Returns the settings that a running stack has, as text, by the values of its parameters. */
export function runningSettings(
  parameters: Readonly<Record<string, string>>,
): Readonly<Partial<Record<ParameterSetting, string>>> {
  const found = settingNames.flatMap((name) => {
    const value = parameters[parameterNames[name]];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(found);
}
