import type { Cloud, DeployedStack } from "../../scripts/deploy/cloud.ts";

/** The key that signs the log of `protectedStack`. */
export const signingKey = "arn:aws:kms:us-east-1:444455556666:key/1234";

/** An account that is ready for a first deployment, but for `over`. */
export function fakeCloud(over: Partial<Cloud> = {}): Cloud {
  return {
    caller: async () => ({ account: "111122223333", arn: "arn:aws:sts::111122223333:assumed-role/deployer/alice" }),
    countKeys: async () => ({ count: 37, isAll: true }),
    trails: async () => [{ name: "org", logging: true, managementWrites: true }],
    stack: async () => undefined,
    template: async () => '{"Resources":{"AuditBucket":{},"CasesTable":{}}}',
    changes: async () => ({ changes: [], leftovers: [] }),
    bucketExists: async () => false,
    unreservedConcurrency: async () => 1000,
    stages: async () => [],
    kmsKey: async (arn) =>
      arn === signingKey
        ? { spec: "ECC_NIST_EDWARDS25519", usage: "SIGN_VERIFY", state: "Enabled" }
        : { spec: "SYMMETRIC_DEFAULT", usage: "ENCRYPT_DECRYPT", state: "Enabled" },
    leftovers: async () => [],
    deniedTo: async () => [],
    deniedByBoundary: async () => [],
    protectTable: async () => {},
    ...over,
  };
}

/** A stack that runs with every protection there is. */
export const protectedStack: DeployedStack = {
  status: "UPDATE_COMPLETE",
  parameters: {
    AlarmMail: "oncall@example.com",
    NoticeMail: "custodians@example.com",
    AuditLockMode: "COMPLIANCE",
    AuditRetentionDays: "2555",
    AuditSigningKey: signingKey,
    WitnessUrl: "https://abc123.lambda-url.us-east-1.on.aws/",
    WitnessKey: "witness.example/log-archive+fb088c02+BEGVygYbBMFYeEmiYLOVL+fPoNGrU+fWICJxHY4rYE79",
    AuditKey: "arn:aws:kms:us-east-1:444455556666:key/5678",
    SlackTeam: "T0123456789",
    SlackApp: "A0123456789",
    SlackChannel: "C0123456789",
    SlackEscalation: "C0123456790",
    GuardCallsPerSecond: "1.5",
    DeployerRole: "arn:aws:iam::111122223333:role/ci/deployer",
    BreakGlassRole: "arn:aws:iam::111122223333:role/break-glass",
    FunctionPolicies: "on",
    PermissionsBoundary: "arn:aws:iam::111122223333:policy/boundary",
    RolePath: "/reprieve/",
    ReservedConcurrency: "on",
    Monitoring: "full",
  },
  outputs: { PolicyMode: "enforce", ServerlessDeploymentBucketName: "deployments" },
  tags: { STAGE: "prod", application: "reprieve", team: "payments" },
  role: "none",
};

/** Fails as AWS does without the permission. */
export const denied = async () =>
  await Promise.reject(Object.assign(new Error("not authorized"), { name: "AccessDenied" }));
