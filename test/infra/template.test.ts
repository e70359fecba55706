import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { settingNames } from "../../functions/shared/settings.ts";
import { operations } from "../../lib/domain/operations/registry.ts";
import { compilePattern } from "../../local/aws/bus/event-pattern.ts";
import { bundleFunctions, PolicyFileError, root } from "../../scripts/bundle.ts";
import { developmentSettings } from "../../scripts/deploy/settings.ts";
import { packageStack } from "../../scripts/package.ts";
import { packaged } from "../doubles/packaged.ts";

interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
}

const outDir = mkdtempSync(join(tmpdir(), "reprieve-infra-"));
const policyFile = resolve(root, "policy/policy.yaml");
let resources: Record<string, Resource>;
let parameters: Record<string, { Default: unknown; MaxValue?: unknown }>;
let packagedIn: string;
let bundleFolder: string;
let approvalFolder: string;
let votesFolder: string;

beforeAll(async () => {
  const { templateFile, bundles, outDir: made } = await packaged("prod");
  packagedIn = made;
  ({ Resources: resources, Parameters: parameters } = JSON.parse(readFileSync(templateFile, "utf8")));
  bundleFolder = bundles.guard;
  approvalFolder = bundles.approval;
  votesFolder = bundles.votes;
});
afterAll(() => rmSync(outDir, { recursive: true }));

const environment = {
  ACCOUNT_ID: "111122223333",
  AWS_REGION: "us-east-1",
  GUARD_QUEUE_URL: "https://sqs.us-east-1.amazonaws.com/111122223333/guard",
  DEAD_LETTER_QUEUE_URL: "https://sqs.us-east-1.amazonaws.com/111122223333/dead",
};

const properties = (id: string): Record<string, unknown> => resources[id]?.Properties ?? {};
const ofType = (type: string) => Object.entries(resources).filter(([, resource]) => resource.Type === type);

const at = (id: string, attribute = "Arn") => ({ "Fn::GetAtt": [id, attribute] });

describe("what the stack learns of", () => {
  it("is deletions, service events and every other operation on the default bus, and what it says to itself on its own", () => {
    const rules = ofType("AWS::Events::Rule")
      .filter(([id]) => !id.startsWith("Tamper"))
      .map(([id, { Properties }]) => [id, Properties["EventBusName"]]);
    const ownBus = { Ref: "EventBus" };
    expect(rules).toEqual([
      ["DeleteKeyRule", undefined],
      ["ServiceEventRule", undefined],
      ["ReEvaluateRule", ownBus],
      ["AnnounceRule", ownBus],
      ["AlarmStateRule", undefined],
      ["ChangeRule", undefined],
      ["LockOutRule", ownBus],
    ]);
    expect(properties("DeleteKeyRule")).toMatchObject({
      State: "ENABLED",
      EventPattern: {
        source: ["aws.payment-cryptography"],
        "detail-type": ["AWS API Call via CloudTrail"],
        detail: { eventSource: ["payment-cryptography.amazonaws.com"], eventName: ["DeleteKey"] },
      },
    });
    expect(properties("ServiceEventRule")).toMatchObject({
      State: "ENABLED",
      EventPattern: { source: ["aws.payment-cryptography"], "detail-type": ["AWS Service Event via CloudTrail"] },
    });
  });

  it("is every call of every operation but deletion, and every service event that is one", () => {
    const others = operations.filter(({ name }) => name !== "delete");
    const { detail } = properties("ChangeRule")["EventPattern"] as { detail: { $or: { eventName: string[] }[] } };
    expect(detail.$or.map(({ eventName }) => eventName.toSorted())).toEqual([
      others.flatMap(({ calls }) => calls).sort(),
      others.flatMap(({ serviceEvents = [] }) => serviceEvents).sort(),
    ]);
  });

  const own = (type: string) => ({ source: "reprieve", "detail-type": type, detail: {} });
  it.each([
    ["delete-key-sso", ["DeleteKeyRule"]],
    ["delete-key-access-denied", ["DeleteKeyRule"]],
    ["delete-key-canary", ["DeleteKeyRule"]],
    ["delete-key-published-form", ["DeleteKeyRule"]],
    ["service-event-key-destroyed", ["ServiceEventRule"]],
    ["create-key", []],
    ["changes/stop-key-usage", ["ChangeRule"]],
    ["changes/import-key-approved", ["ServiceEventRule", "ChangeRule"]],
    [own("re-evaluate"), ["ReEvaluateRule"]],
    [own("probe"), ["ReEvaluateRule"]],
    [own("heartbeat"), []],
    [own("key-usable"), ["AnnounceRule"]],
    [own("deletions-repeated"), ["AnnounceRule"]],
  ])("of the sample %j by %j", (sample, rules) => {
    const event =
      typeof sample === "string" ? JSON.parse(readFileSync(resolve(root, `events/${sample}.json`), "utf8")) : sample;
    // Those of tamper.yml watch other services: test/infra/tamper.test.ts.
    const matching = ofType("AWS::Events::Rule")
      .filter(([id]) => !id.startsWith("Tamper"))
      .filter(([, rule]) => compilePattern(rule.Properties["EventPattern"])(event));
    expect(matching.map(([id]) => id)).toEqual(rules);
  });

  it.each([
    ["DeleteKeyRule", "guard", "GuardQueue"],
    ["ServiceEventRule", "guard", "GuardQueue"],
    ["ReEvaluateRule", "guard", "GuardQueue"],
    ["ChangeRule", "changes", "ChangeQueue"],
    ["AnnounceRule", "notify", "NotifyQueue"],
  ])(
    "by %s goes to the %s's queue, and to a dead-letter queue of the rules' own when that fails for a day",
    (id, target, queue) => {
      expect(properties(id)["Targets"]).toEqual([
        {
          Id: target,
          Arn: at(queue),
          RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
          DeadLetterConfig: { Arn: at("RuleDeadLetterQueue") },
        },
      ]);
    },
  );

  it("by the sweep is looked for every five minutes", () => {
    expect(properties("SweepSchedule")).toMatchObject({
      ScheduleExpression: "rate(5 minutes)",
      State: "ENABLED",
      Target: { Arn: at("SweepLambdaFunction"), DeadLetterConfig: { Arn: at("SweepDeadLetterQueue") } },
    });
    // Longer than a sweep, and one at a time: the next one goes on where this one stopped.
    expect(properties("SweepLambdaFunction")).toMatchObject({ Timeout: 240 });
    expect(reserved("Sweep")).toBe(1);
    expect(properties("SweepInvocation")).toMatchObject({ MaximumRetryAttempts: 0 });
  });
});

describe("queue and function fit each other", () => {
  it.each([
    ["Guard", 30, 2, "GuardQueue"],
    ["Notify", 60, 2, "NotifyQueue"],
    ["Votes", 30, 2, "VoteQueue"],
  ])("in time, concurrency and answers: %s", (name, timeout, concurrency, queue) => {
    const { Timeout } = properties(`${name}LambdaFunction`);
    const { VisibilityTimeout, MessageRetentionPeriod, RedrivePolicy } = properties(queue);
    expect([Timeout, reserved(name)]).toEqual([timeout, concurrency]);
    expect(VisibilityTimeout).toBeGreaterThanOrEqual(6 * Number(Timeout));
    expect(MessageRetentionPeriod).toBe(14 * 86_400);
    const maxReceives = Number(variables(name)["MAX_RECEIVE_COUNT"]);
    expect(RedrivePolicy).toMatchObject({
      deadLetterTargetArn: at(`${name}DeadLetterQueue`),
      maxReceiveCount: maxReceives + 1,
    });
    const mappings = ofType("AWS::Lambda::EventSourceMapping").map(([, mapping]) => mapping.Properties);
    expect(mappings).toContainEqual(
      expect.objectContaining({
        EventSourceArn: at(queue),
        BatchSize: 5,
        ScalingConfig: { MaximumConcurrency: concurrency },
        FunctionResponseTypes: ["ReportBatchItemFailures"],
      }),
    );
  });

  it("in the budget: two guards, one sweep and remediation are at most 5 calls a second, and a quarter more only while changes come in", () => {
    expect(variables("Guard")["CONTROL_PLANE_CALLS_PER_SECOND"]).toEqual({ Ref: "GuardCallsPerSecond" });
    const guards = reserved("Guard");
    const sweeps = reserved("Sweep");
    const sweep = Number(variables("Sweep")["CONTROL_PLANE_CALLS_PER_SECOND"]) * sweeps;
    const { Default, MaxValue } = parameters["GuardCallsPerSecond"] ?? {};
    // Each queue is read by two instances of remediation at most.
    const remediation = Number(variables("Remediation")["CONTROL_PLANE_CALLS_PER_SECOND"]) * 2;
    const changes = Number(variables("Remediation")["CHANGE_CALLS_PER_SECOND"]) * 2;
    expect([Number(Default) * guards, sweep, remediation, changes]).toEqual([3, 1, 1, 0.25]);
    // Nor does any value that the parameter takes exceed the account's 5.
    expect(Number(MaxValue) * guards + sweep + remediation).toBeLessThanOrEqual(5);
  });

  it.each(["guard", "approval", "votes", "notify", "sweep", "remediation"] as const)(
    "in runtime and the names of the environment: %s",
    (name) => {
      const id = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
      const ofPowertools = [
        "POWERTOOLS_SERVICE_NAME",
        "POWERTOOLS_METRICS_NAMESPACE",
        "POWERTOOLS_LOG_LEVEL",
        "MONITORING",
      ];
      expect(Object.keys(variables(id)).sort()).toEqual(
        [...settingNames(name).filter((each) => each !== "AWS_REGION"), ...ofPowertools].sort(),
      );
      expect(properties(`${id}LambdaFunction`)).toMatchObject({ Runtime: "nodejs24.x", Architectures: ["arm64"] });
      expect(properties(`${id}LogGroup`)["RetentionInDays"]).toBeGreaterThanOrEqual(365);
    },
  );

  it.each([
    ["GuardQueue", ["DeleteKeyRule", "ServiceEventRule", "ReEvaluateRule"].map((id) => at(id))],
    ["NotifyQueue", [at("AnnounceRule"), at("AlarmStateRule")]],
    ["RemediationQueue", ["LockOutRule", "TamperRulesRule", "TamperWatchRule", "TamperKeyRule"].map((id) => at(id))],
  ])("only the rules may send to %s, and the sweep that redrives, and only over TLS", (id, rules) => {
    const { Statement } = properties(`${id}Policy`)["PolicyDocument"] as { Statement: Record<string, unknown>[] };
    expect(Statement.slice(0, 3)).toMatchObject([
      {
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: at(id),
        Condition: { ArnEquals: { "aws:SourceArn": rules } },
      },
      {
        Effect: "Deny",
        Principal: "*",
        Action: "sqs:SendMessage",
        Condition: { ArnNotEquals: { "aws:SourceArn": rules, "aws:PrincipalArn": at("SweepRole") } },
      },
      { Effect: "Deny", Principal: "*", Action: "sqs:*", Condition: { Bool: { "aws:SecureTransport": "false" } } },
    ]);
  });

  it.each([
    ["GuardDeadLetterQueue", { "aws:PrincipalArn": at("GuardRole") }],
    ["NotifyDeadLetterQueue", { "aws:PrincipalArn": at("NotifyRole") }],
    ["VotesDeadLetterQueue", { "aws:PrincipalArn": at("VotesRole") }],
    ["RemediationDeadLetterQueue", { "aws:PrincipalArn": at("RemediationRole") }],
    ["VoteQueue", { "aws:PrincipalArn": [at("ApprovalRole"), at("SweepRole")] }],
    [
      "RuleDeadLetterQueue",
      {
        "aws:SourceArn": [
          ...["DeleteKeyRule", "ServiceEventRule", "ChangeRule", "ReEvaluateRule", "AnnounceRule"],
          ...["LockOutRule", "TamperRulesRule", "TamperWatchRule", "TamperKeyRule"],
        ].map((id) => at(id)),
      },
    ],
  ])("nobody else puts anything into %s, from which it would be given back", (id, ArnNotEquals) => {
    const { Statement } = properties(`${id}Policy`)["PolicyDocument"] as { Statement: Record<string, unknown>[] };
    const [deny] = Statement.filter(({ Effect }) => Effect === "Deny");
    expect(deny).toMatchObject({ Principal: "*", Action: "sqs:SendMessage", Resource: at(id) });
    expect(deny?.["Condition"]).toEqual({ ArnNotEquals });
  });

  it("the queue of requests keeps their order, judges each once, and its dead letters are FIFO as well", () => {
    const name = (queue: string) => `reprieve-prod-${queue}.fifo`;
    expect(properties("VoteQueue")).toMatchObject({
      ...{ QueueName: name("votes"), FifoQueue: true, ContentBasedDeduplication: false },
      ...{ DeduplicationScope: "messageGroup", FifoThroughputLimit: "perMessageGroupId" },
    });
    expect(properties("VotesDeadLetterQueue")).toMatchObject({
      ...{ QueueName: name("votes-dead-letters"), FifoQueue: true },
      RedriveAllowPolicy: {
        redrivePermission: "byQueue",
        sourceQueueArns: [{ "Fn::Sub": expect.stringMatching(/:reprieve-prod-votes\.fifo$/) }],
      },
    });
  });

  it("every queue is encrypted", () => {
    expect(ofType("AWS::SQS::Queue")).toHaveLength(11);
    for (const [id] of ofType("AWS::SQS::Queue")) expect(properties(id)).toMatchObject({ SqsManagedSseEnabled: true });
  });
});

describe("the HTTP API", () => {
  it("takes callbacks and votes, for the approval function alone, and of each route not too many", () => {
    const routes = ofType("AWS::ApiGatewayV2::Route").map(([, { Properties }]) => Properties["RouteKey"]);
    expect(routes).toEqual(["POST /slack/interactions", "POST /votes", "GET /receipts/{id}"]);
    const [[, integration] = ["", undefined], ...others] = ofType("AWS::ApiGatewayV2::Integration");
    expect(others).toEqual([]);
    expect(integration?.Properties).toMatchObject({
      IntegrationUri: at("ApprovalLambdaFunction"),
      PayloadFormatVersion: "2.0",
    });
    expect(properties("HttpApiStage")).toMatchObject({
      DefaultRouteSettings: { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 10 },
      RouteSettings: {
        "POST /slack/interactions": { ThrottlingRateLimit: 20, ThrottlingBurstLimit: 40 },
        "POST /votes": { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 20 },
        "GET /receipts/{id}": { ThrottlingRateLimit: 20, ThrottlingBurstLimit: 40 },
      },
      AccessLogSettings: { DestinationArn: at("HttpApiLogGroup") },
    });
    // A stage that names a route is made after it.
    const after = ofType("AWS::ApiGatewayV2::Route").map(([id]) => id);
    expect((resources["HttpApiStage"] as { DependsOn?: string[] }).DependsOn).toEqual(expect.arrayContaining(after));
    expect(reserved("Approval")).toBe(5);
    expect(variables("Approval")["VOTE_AUDIENCE"]).toEqual(at("HttpApi", "ApiEndpoint"));
  });

  it("knows no secret but by its name", () => {
    for (const [, { Properties, DeletionPolicy }] of ofType("AWS::SecretsManager::Secret")) {
      expect(Object.keys(Properties).sort()).toEqual(["Description", "KmsKeyId", "Name"]);
      expect(DeletionPolicy).toBe("RetainExceptOnCreate");
    }
    expect([variables("Approval")["SIGNING_SECRET_ID"], variables("Notify")["SIGNING_SECRET_ID"]]).toEqual([
      { Ref: "SlackSigningSecret" },
      undefined,
    ]);
  });
});

/** Executions that are reserved for a function, where the stage's file says "on". */
function reserved(name: string): number {
  const setting = properties(`${name}LambdaFunction`)["ReservedConcurrentExecutions"] as { "Fn::If": unknown[] };
  expect(setting["Fn::If"][0]).toBe("HasReservedConcurrency");
  return Number(setting["Fn::If"][1]);
}

function variables(name: string): Record<string, unknown> {
  return (properties(`${name}LambdaFunction`)["Environment"] as { Variables: Record<string, unknown> }).Variables;
}

interface Statement {
  readonly Sid: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

function statementsOf(role: string): readonly Statement[] {
  const [policy] = properties(role)["Policies"] as { PolicyDocument: { Statement: Statement[] } }[];
  return policy?.PolicyDocument.Statement ?? [];
}

const ownLog = ["logs:CreateLogStream", "logs:PutLogEvents"];
const ownQueue = ["ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes", "ReceiveMessage"].map(
  (a) => `sqs:${a}`,
);
const keys = ["GetKey", "ListAliases", "ListTagsForResource", "RestoreKey", "StartKeyUsage"].map(
  (action) => `payment-cryptography:${action}`,
);
const reads = ["dynamodb:GetItem", "dynamodb:Query"];
const cases = [...reads, "dynamodb:UpdateItem"];

describe("roles", () => {
  it.each([
    ["GuardRole", [...cases, "events:PutEvents", ...ownLog, ...keys, ...ownQueue, "sqs:SendMessage"]],
    ["ApprovalRole", [...reads, ...ownLog, "secretsmanager:GetSecretValue", "sqs:SendMessage"]],
    [
      "VotesRole",
      [
        ...[...cases, "events:PutEvents", ...ownLog, "secretsmanager:GetSecretValue"],
        ...[...ownQueue, "sqs:SendMessage"],
      ],
    ],
    [
      "NotifyRole",
      [
        ...cases,
        "events:PutEvents",
        ...ownLog,
        "secretsmanager:GetSecretValue",
        "sns:Publish",
        ...ownQueue,
        "sqs:SendMessage",
      ],
    ],
    [
      "SweepRole",
      [
        ...["events:DescribeRule", "events:ListTargetsByRule"],
        ...["cloudtrail:LookupEvents", ...cases, "dynamodb:Query", "events:PutEvents", ...ownLog, ...keys],
        ...["payment-cryptography:ListKeys", "payment-cryptography:GetResourcePolicy"],
        ...["sqs:SendMessage", "sqs:SendMessage"],
        ...["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:SendMessage"],
        ...["dynamodb:Scan", "s3:GetObject", "s3:PutObject", "s3:ListBucket"],
      ],
    ],
    [
      "RemediationRole",
      [
        ...["GetResourcePolicy", "PutResourcePolicy", "DeleteResourcePolicy"].map(
          (name) => `payment-cryptography:${name}`,
        ),
        ...["GetKey", "GetAlias", "ListTagsForResource", "StartKeyUsage", "CreateAlias", "UpdateAlias"].map(
          (name) => `payment-cryptography:${name}`,
        ),
        ...["TagResource", "UntagResource", "AddKeyReplicationRegions"].map((name) => `payment-cryptography:${name}`),
        ...["dynamodb:GetItem", "dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:Query", "events:PutEvents"],
        ...["events:DescribeRule", "events:EnableRule"],
        ...["kms:DescribeKey", "kms:CancelKeyDeletion", "kms:EnableKey"],
        ...["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility"],
        ...["sqs:SendMessage", "logs:CreateLogStream", "logs:PutLogEvents"],
      ],
    ],
    ["ScheduleRole", ["lambda:InvokeFunction", "sqs:SendMessage"]],
  ])("%s holds exactly these actions", (role, actions) => {
    expect(
      statementsOf(role)
        .flatMap(({ Action }) => Action)
        .sort(),
    ).toEqual([...actions].sort());
  });

  it("are one per function, taken by Lambda alone, and one for the schedule", () => {
    const functions = ["Approval", "Guard", "Notify", "Remediation", "Sweep", "Votes"];
    expect(
      ofType("AWS::IAM::Role")
        .map(([id]) => id)
        .sort(),
    ).toEqual([...functions.map((name) => `${name}Role`), "ScheduleRole"].sort());
    for (const name of functions) {
      expect(properties(`${name}LambdaFunction`)["Role"]).toEqual(at(`${name}Role`));
      expect(properties(`${name}Role`)["AssumeRolePolicyDocument"]).toMatchObject({
        Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
      });
    }
  });

  it("name a resource for whatever takes one", () => {
    const everywhere = ["Guard", "Approval", "Votes", "Notify", "Remediation", "Sweep", "Schedule"].flatMap((name) =>
      statementsOf(`${name}Role`).filter(({ Resource }) => Resource === "*"),
    );
    expect(everywhere.flatMap(({ Action }) => Action)).toEqual([
      "payment-cryptography:ListAliases",
      "payment-cryptography:ListAliases",
      "payment-cryptography:ListKeys",
      "cloudtrail:LookupEvents",
    ]);
  });

  it("give the functions that people can reach their own items only, and the signing secret to the two that verify", () => {
    const leading = (role: string) =>
      statementsOf(role)
        .filter(({ Action }) => JSON.stringify(Action).includes("dynamodb:UpdateItem"))
        .map(({ Condition }) => Condition);
    const limited = (...kinds: string[]) => [{ "ForAllValues:StringLike": { "dynamodb:LeadingKeys": kinds } }];
    expect(leading("ApprovalRole")).toEqual([]);
    expect(leading("VotesRole")).toMatchObject(
      limited("case#*", "change#*", "keep#*", "permit#*", "receipt#*", "pause", "access#*"),
    );
    expect(leading("NotifyRole")).toMatchObject(limited("notice#*", "burst#*", "deletions#*", "control#*"));
    expect(leading("RemediationRole")).toMatchObject(limited("case#*", "change#*", "known#*", "remediation#*"));
    const readers = ["Guard", "Approval", "Votes", "Notify", "Remediation", "Sweep"].filter((name) =>
      JSON.stringify(properties(`${name}Role`)).includes("SlackSigningSecret"),
    );
    expect(readers).toEqual(["Approval", "Votes"]);
  });

  it("let the function that the internet reaches write nothing but messages to the queue of requests", () => {
    const statements = statementsOf("ApprovalRole");
    const actions = statements.flatMap(({ Action }) => Action);
    const reading = /^(dynamodb:(GetItem|Query)|secretsmanager:GetSecretValue|logs:(CreateLogStream|PutLogEvents))$/;
    expect(actions.filter((action) => !reading.test(action))).toEqual(["sqs:SendMessage"]);
    const sends = statements.filter(({ Action }) => JSON.stringify(Action).includes("sqs:"));
    expect(sends.map(({ Resource }) => Resource)).toEqual([at("VoteQueue")]);
    // No resource policy gives it more: it is in none of those that allow a write.
    const policies = ["CasesTable", "EventBusPolicy", "GuardQueuePolicy", "NotifyQueuePolicy", "AuditBucketPolicy"];
    for (const id of policies) expect(JSON.stringify(properties(id))).not.toMatch(/ApprovalRole|-approval-/);
  });

  it("and nothing else in the template, name an action that could kill a key or change the stack", () => {
    // Who may change the policy of a key can lift what protects it: one role alone, which is remediation's.
    const { RemediationRole, ...others } = resources;
    const changing = ["PutResourcePolicy", "DeleteResourcePolicy"].map((name) => `"payment-cryptography:${name}"`);
    expect(changing.filter((action) => JSON.stringify(others).includes(action))).toEqual([]);
    expect(changing.filter((action) => JSON.stringify(RemediationRole).includes(action))).toEqual(changing);
    const text = JSON.stringify(resources);
    const deadly = ["DeleteKey", "StopKeyUsage", "ExportKey", "ImportKey", "*"];
    expect(deadly.filter((action) => text.includes(`"payment-cryptography:${action}"`))).toEqual([]);
    const actions = ofType("AWS::IAM::Role").flatMap(([id]) => statementsOf(id).flatMap(({ Action }) => Action));
    expect(actions.filter((action) => /^iam:|^lambda:(?!InvokeFunction$)|PutRule|\*/.test(action))).toEqual([]);
  });
});

describe("the table of cases", () => {
  it("cannot be lost by accident", () => {
    expect(resources["CasesTable"]).toMatchObject({
      DeletionPolicy: "RetainExceptOnCreate",
      UpdateReplacePolicy: "Retain",
      Properties: {
        BillingMode: "PAY_PER_REQUEST",
        DeletionProtectionEnabled: { "Fn::If": ["HasTableProtection", true, false] },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true },
        KeySchema: [
          { AttributeName: "pk", KeyType: "HASH" },
          { AttributeName: "sk", KeyType: "RANGE" },
        ],
        GlobalSecondaryIndexes: [
          {
            IndexName: "byStatus",
            KeySchema: [
              { AttributeName: "status", KeyType: "HASH" },
              { AttributeName: "dueAt", KeyType: "RANGE" },
            ],
            Projection: { ProjectionType: "KEYS_ONLY" },
          },
        ],
      },
    });
  });
});

describe("the bundle", () => {
  it.each([
    ["guard", () => bundleFolder],
    ["approval", () => approvalFolder],
    ["votes", () => votesFolder],
  ])("of the %s is at most 364 KB, and so is not slow to load", (_, folder) => {
    // The licenses lie beside the code and are never loaded.
    const loaded = readdirSync(folder()).filter((file) => file !== "THIRD-PARTY-LICENSES");
    const sizes = loaded.map((file) => statSync(join(folder(), file)).size);
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(364_000);
  });

  it("of the function that the internet reaches holds no client for keys", () => {
    const holds = (folder: string) =>
      readdirSync(folder).some((file) =>
        readFileSync(join(folder, file), "utf8").includes("PaymentCryptographyControlPlane"),
      );
    expect([holds(bundleFolder), holds(approvalFolder), holds(votesFolder)]).toEqual([true, false, false]);
    const writes = (folder: string) =>
      readdirSync(folder)
        .filter((file) => file === "index.mjs" || file.startsWith("chunk-"))
        .some((file) => readFileSync(join(folder, file), "utf8").includes("PutEvents"));
    expect([writes(approvalFolder), writes(votesFolder)]).toEqual([false, true]);
  });

  it("holds no credential chain but the environment's, and no YAML", () => {
    const text = readdirSync(bundleFolder)
      .filter((file) => file.endsWith(".mjs"))
      .map((file) => readFileSync(join(bundleFolder, file), "utf8"))
      .join("");
    const traces = ["sso-oidc", "169.254.170.2", "web_identity_token_file", "Nested mappings are not allowed"];
    expect(traces.filter((trace) => text.includes(trace))).toEqual([]);
  });

  it("and its zip are the same bytes in two runs, also for two deployers; the sweep has their names", async () => {
    const again = mkdtempSync(join(tmpdir(), "reprieve-infra-"));
    const deployer = "arn:aws:sts::111122223333:assumed-role/ci/alice@example.com";
    const source = { policyFile, stage: "prod", settings: developmentSettings, outDir: again };
    const { templateFile } = await packageStack({ ...source, deployer });
    const { Resources } = JSON.parse(readFileSync(templateFile, "utf8"));
    expect(Resources.SweepLambdaFunction.Properties.Environment.Variables.DEPLOYED_BY).toBe(deployer);
    expect(properties("SweepLambdaFunction")).toMatchObject({ Environment: { Variables: { DEPLOYED_BY: "none" } } });
    const hash = (dir: string) =>
      createHash("sha256")
        .update(readFileSync(join(dir, "guard.zip")))
        .digest("hex");
    expect(hash(again)).toBe(hash(packagedIn));
    rmSync(again, { recursive: true });
  });

  it("starts with no other policy than the one that was checked", () => {
    const forged = mkdtempSync(join(tmpdir(), "reprieve-infra-"));
    cpSync(bundleFolder, forged, { recursive: true });
    const index = join(forged, "index.mjs");
    const start = () => {
      // Not left to the runtime: it prints the failing line first, which is all of the bundle, and a busy pipe takes only a part of it.
      const code = `await import(${JSON.stringify(index)}).catch((error) => console.error(error.message))`;
      const env = { ...Object.fromEntries(settingNames("guard").map((name) => [name, "1"])), ...environment };
      return spawnSync(process.execPath, ["--input-type=module", "--eval", code], { env, encoding: "utf8" });
    };
    expect(start().stderr).toBe("");
    const policy = join(forged, "policy.json");
    const text = readFileSync(policy, "utf8");
    expect(text).toContain('"mode":"observe"');
    writeFileSync(policy, text.replaceAll('"mode":"observe"', '"mode":"enforce"'));
    expect(start().stderr).toContain("the policy in the bundle is not the one that the build checked");
    writeFileSync(policy, text);
    rmSync(join(forged, "policy.sha256"));
    expect(start().stderr).toContain("the policy in the bundle is not the one that the build checked");
    rmSync(policy);
    expect(start().stderr).toContain("the bundle holds no policy");
    rmSync(forged, { recursive: true });
  });

  it("is not made of a policy with a mistake: every fault is named with its place", async () => {
    const bad = join(outDir, "bad.yaml");
    writeFileSync(bad, "version: 1\nmode: enforce\ndefault: allow\nrules:\n  - id: x\n    when: {}\n    then: allow\n");
    const bundling = bundleFunctions(bad, outDir);
    await expect(bundling).rejects.toThrow(PolicyFileError);
    await expect(bundling).rejects.toThrow(`${bad}:3:1 default: expected restore`);
    await expect(bundleFunctions(join(outDir, "none.yaml"), outDir)).rejects.toThrow(PolicyFileError);
  });
});

describe("the source", () => {
  const files = (dir: string): string[] =>
    readdirSync(resolve(root, dir), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => `${dir}/${file}`);

  it("reads the environment in functions/shared/environment.ts alone", () => {
    const readers = [...files("lib"), ...files("functions")].filter((file) =>
      readFileSync(resolve(root, file), "utf8").includes("process.env"),
    );
    expect(readers).toEqual(["functions/shared/environment.ts"]);
  });

  it("has no clock and no chance in the domain and the workflows", () => {
    const sources = [...files("lib/domain"), ...files("lib/workflows")];
    const impure = sources.filter((file) =>
      /Date\.now|new Date\(\)|Math\.random|performance\.|setTimeout/.test(readFileSync(resolve(root, file), "utf8")),
    );
    expect(impure).toEqual([]);
  });
});
