/** The values of a stage file's fields, each as YAML: an answer, or `todo`, which no deployment accepts. */
export interface StageValues {
  readonly stage: string;
  readonly account: string;
  readonly region: string;
  readonly profile: string;
  readonly slackApp: string;
  readonly policy: string;
  readonly alarmMail: string;
  readonly noticeMail: string;
  readonly auditLock: string;
  readonly retentionDays: string;
  readonly signingKey: string;
  /** `none`, or the URL and key. */
  readonly witness: string;
  readonly auditKey: string;
  /** `none`, or the team, channel and escalation. */
  readonly slack: string;
  readonly guardCallsPerSecond: string;
  readonly deployerRole: string;
  readonly breakGlassRole: string;
  readonly functionPolicies: string;
  readonly permissionsBoundary: string;
  readonly rolePath: string;
  /** `none`, or names with values. */
  readonly tags: string;
  readonly cloudFormationRole: string;
  readonly reservedConcurrency: string;
  readonly monitoring: string;
}

/** Returns the text of a stage file, with a comment on each field. */
export function stageText(values: StageValues): string {
  return `# The stage ${values.stage}. Every field is written down, and \`none\` stands for what the stack does without: nothing has a default.
stage: ${values.stage}

# Where the stage is deployed: one stack per account and region, in this order. The credentials have to belong to the account.
places:
  - account: "${values.account}"
    region: ${values.region}
    # A profile of ~/.aws/config, or none for the credentials of the shell.
    profile: ${values.profile}
    # The id of this stack's Slack app (one address for callbacks each), or none.
    slackApp: ${values.slackApp}

# Relative to this file.
policy: ${values.policy}

# Receives alarms. With none, nobody is alerted.
alarmMail: ${values.alarmMail}

# Receives the notices of every case. Without Slack this is the only way in which people learn of one.
noticeMail: ${values.noticeMail}

# GOVERNANCE while you try the stack out. COMPLIANCE cannot be taken back, not even by the account's root.
auditLock: ${values.auditLock}

# Days for which nothing of the audit trail can be deleted, from 365 (PCI DSS 10.5.1: 12 months) to 36500.
retentionDays: ${values.retentionDays}

# ARN of a KMS key (ECC_NIST_EDWARDS25519, SIGN_VERIFY) that signs the log (docs/audit-trail.md). With none, the log has no checkpoints.
signingKey: ${values.signingKey}

# none, or { url: https://..., key: name+id+base64 }: the witness of the log in another account (docs/witness.md). It needs a signingKey.
witness: ${values.witness}

# ARN of a symmetric KMS key of ANOTHER account that encrypts the audit bucket, or none for S3's own keys.
auditKey: ${values.auditKey}

# none, or { team: T..., channel: C..., escalation: none }: the workspace, the channel for cases, the channel or user group for escalations.
slack: ${values.slack}

# Control-plane calls per second of each guard. The account has 5 for everything.
guardCallsPerSecond: ${values.guardCallsPerSecond}

# ARNs of IAM roles, with their path (docs/deployment.md, Close the stack's own doors). With both set, nobody else may change queues and secrets.
deployerRole: ${values.deployerRole}
breakGlassRole: ${values.breakGlassRole}

# "on" denies everyone but the schedule and breakGlassRole to invoke guard, notify and sweep by hand. Try it in a test account first.
functionPolicies: "${values.functionPolicies}"

# ARN of the policy that bounds every role of the stack, or none. Restores need what it allows: docs/deployment.md lists the actions.
permissionsBoundary: ${values.permissionsBoundary}

# IAM path of every role of the stack, such as /reprieve/, or /. Fixed when the stack is created: IAM cannot move a role.
rolePath: ${values.rolePath}

# none, or { team: "payments" }: tags of the stack and everything in it, at most 48.
tags: ${values.tags}

# ARN of the service role as which CloudFormation acts, or none: then it acts as the caller who deploys. With it, deployerRole is this role, or none.
cloudFormationRole: ${values.cloudFormationRole}

# "on" keeps 13 executions of the account for the functions. "off" for an account with fewer than 113 unreserved (new ones may have 10): then anything in
# the account that uses them up stops the guard.
reservedConcurrency: "${values.reservedConcurrency}"

# full: a metric and an alarm for each failure, and a dashboard. slim: three metrics and eight alarms for all of them, 17 USD a month less
# (docs/deployment.md, Monitoring).
monitoring: ${values.monitoring}
`;
}
