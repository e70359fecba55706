import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { settingNames } from "../../functions/shared/settings.ts";
import { compilePattern } from "../../local/bus/event-pattern.ts";
import { bundleFunctions, PolicyFileError, root } from "../../scripts/bundle.ts";
import { packageStack } from "../../scripts/package.ts";

interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
}

const outDir = mkdtempSync(join(tmpdir(), "reprieve-infra-"));
const policyFile = resolve(root, "policy/policy.yaml");
let resources: Record<string, Resource>;
let bundleFolder: string;

beforeAll(async () => {
  const { templateFile, bundles } = await packageStack({ policyFile, stage: "prod", outDir });
  resources = JSON.parse(readFileSync(templateFile, "utf8")).Resources;
  bundleFolder = bundles.guard;
}, 60_000);
afterAll(() => rmSync(outDir, { recursive: true }));

const environment = {
  ACCOUNT_ID: "111122223333",
  AWS_REGION: "us-east-1",
  GUARD_QUEUE_URL: "https://sqs.us-east-1.amazonaws.com/111122223333/guard",
  DEAD_LETTER_QUEUE_URL: "https://sqs.us-east-1.amazonaws.com/111122223333/dead",
};

const properties = (id: string): Record<string, unknown> => resources[id]?.Properties ?? {};
const ofType = (type: string) => Object.entries(resources).filter(([, resource]) => resource.Type === type);

describe("what the guard hears of", () => {
  it("is the two patterns of the domain, and nothing else", () => {
    expect(ofType("AWS::Events::Rule").map(([id]) => id)).toEqual(["DeleteKeyRule", "ServiceEventRule"]);
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
    for (const [id] of ofType("AWS::Events::Rule")) expect(properties(id)).not.toHaveProperty("EventBusName");
  });

  it.each([
    ["delete-key-sso", ["DeleteKeyRule"]],
    ["delete-key-access-denied", ["DeleteKeyRule"]],
    ["delete-key-canary", ["DeleteKeyRule"]],
    ["delete-key-published-form", ["DeleteKeyRule"]],
    ["service-event-key-destroyed", ["ServiceEventRule"]],
    ["create-key", []],
  ])("of the sample %s by %j", (name, rules) => {
    const event = JSON.parse(readFileSync(resolve(root, `events/${name}.json`), "utf8"));
    const matching = ofType("AWS::Events::Rule").filter(([, rule]) =>
      compilePattern(rule.Properties["EventPattern"])(event),
    );
    expect(matching.map(([id]) => id)).toEqual(rules);
  });

  it("goes to the guard queue, and to a dead-letter queue of the rule's own when that fails for a day", () => {
    for (const [id] of ofType("AWS::Events::Rule"))
      expect(properties(id)["Targets"]).toEqual([
        {
          Id: "guard",
          Arn: { "Fn::GetAtt": ["GuardQueue", "Arn"] },
          RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
          DeadLetterConfig: { Arn: { "Fn::GetAtt": ["RuleDeadLetterQueue", "Arn"] } },
        },
      ]);
  });
});

describe("queue and function fit each other", () => {
  it("in time, concurrency and answers", () => {
    const { Timeout, ReservedConcurrentExecutions, Runtime, Architectures } = properties("GuardLambdaFunction");
    const { VisibilityTimeout, MessageRetentionPeriod, RedrivePolicy } = properties("GuardQueue");
    expect([Timeout, ReservedConcurrentExecutions, Runtime, Architectures]).toEqual([30, 2, "nodejs24.x", ["arm64"]]);
    expect(VisibilityTimeout).toBeGreaterThanOrEqual(6 * Number(Timeout));
    expect(MessageRetentionPeriod).toBe(14 * 86_400);
    expect(RedrivePolicy).toMatchObject({ maxReceiveCount: Number(variables()["MAX_RECEIVE_COUNT"]) + 1 });
    const [[, mapping] = ["", undefined]] = ofType("AWS::Lambda::EventSourceMapping");
    expect(mapping?.Properties).toMatchObject({
      BatchSize: 5,
      ScalingConfig: { MaximumConcurrency: 2 },
      FunctionResponseTypes: ["ReportBatchItemFailures"],
    });
  });

  it("in the budget: two guards and the sweep's 1 call a second are at most 4", () => {
    const perInstance = Number(variables()["CONTROL_PLANE_CALLS_PER_SECOND"]);
    expect(
      perInstance * Number(properties("GuardLambdaFunction")["ReservedConcurrentExecutions"]) + 1,
    ).toBeLessThanOrEqual(4);
  });

  it("in the names of the environment", () => {
    const ofPowertools = ["POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE", "POWERTOOLS_LOG_LEVEL"];
    expect(Object.keys(variables()).sort()).toEqual(
      [...settingNames("guard").filter((name) => name !== "AWS_REGION"), ...ofPowertools].sort(),
    );
  });

  it("every queue is encrypted, and only the rules may send to the guard's", () => {
    for (const [id] of ofType("AWS::SQS::Queue")) expect(properties(id)).toMatchObject({ SqsManagedSseEnabled: true });
    const { Statement } = properties("GuardQueuePolicy")["PolicyDocument"] as { Statement: Record<string, unknown>[] };
    const rules = [{ "Fn::GetAtt": ["DeleteKeyRule", "Arn"] }, { "Fn::GetAtt": ["ServiceEventRule", "Arn"] }];
    const queue = { "Fn::GetAtt": ["GuardQueue", "Arn"] };
    expect(Statement).toMatchObject([
      {
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: queue,
        Condition: { ArnEquals: { "aws:SourceArn": rules } },
      },
      {
        Effect: "Deny",
        Principal: "*",
        Action: "sqs:SendMessage",
        Condition: { ArnNotEquals: { "aws:SourceArn": rules } },
      },
      { Effect: "Deny", Principal: "*", Action: "sqs:*", Condition: { Bool: { "aws:SecureTransport": "false" } } },
    ]);
  });
});

function variables(): Record<string, unknown> {
  return (properties("GuardLambdaFunction")["Environment"] as { Variables: Record<string, unknown> }).Variables;
}

describe("the guard's role", () => {
  const statements = () => {
    const [policy] = properties("GuardRole")["Policies"] as {
      PolicyDocument: { Statement: { Action: string | string[]; Resource: unknown }[] };
    }[];
    return policy?.PolicyDocument.Statement ?? [];
  };

  it("holds exactly these actions", () => {
    expect(
      statements()
        .flatMap(({ Action }) => Action)
        .sort(),
    ).toEqual([
      "dynamodb:GetItem",
      "dynamodb:Query",
      "dynamodb:UpdateItem",
      "events:PutEvents",
      "logs:CreateLogStream",
      "logs:PutLogEvents",
      "payment-cryptography:GetKey",
      "payment-cryptography:ListAliases",
      "payment-cryptography:ListTagsForResource",
      "payment-cryptography:RestoreKey",
      "payment-cryptography:StartKeyUsage",
      "sqs:ChangeMessageVisibility",
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
      "sqs:ReceiveMessage",
      "sqs:SendMessage",
    ]);
  });

  it("names a resource for all but ListAliases, which takes none", () => {
    const everywhere = statements().filter(({ Resource }) => Resource === "*");
    expect(everywhere.map(({ Action }) => Action)).toEqual(["payment-cryptography:ListAliases"]);
  });

  it("is the only role, and Lambda alone may take it", () => {
    expect(ofType("AWS::IAM::Role").map(([id]) => id)).toEqual(["GuardRole"]);
    expect(properties("GuardRole")["AssumeRolePolicyDocument"]).toMatchObject({
      Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
    });
    expect(properties("GuardLambdaFunction")["Role"]).toEqual({ "Fn::GetAtt": ["GuardRole", "Arn"] });
  });

  it("and nothing else in the template, names an action that could kill a key", () => {
    const text = JSON.stringify(resources);
    const deadly = ["DeleteKey", "StopKeyUsage", "ExportKey", "ImportKey", "PutResourcePolicy", "*"];
    expect(deadly.filter((action) => text.includes(`"payment-cryptography:${action}"`))).toEqual([]);
    expect(/"(iam|lambda|dynamodb|events):\*"/.test(text)).toBe(false);
  });
});

describe("the table of cases", () => {
  it("cannot be lost by accident", () => {
    expect(resources["CasesTable"]).toMatchObject({
      DeletionPolicy: "Retain",
      UpdateReplacePolicy: "Retain",
      Properties: {
        BillingMode: "PAY_PER_REQUEST",
        DeletionProtectionEnabled: true,
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

  it("and the log are kept for a year and more", () => {
    expect(properties("GuardLogGroup")["RetentionInDays"]).toBeGreaterThanOrEqual(365);
  });
});

describe("the bundle", () => {
  it("is at most 320 KB, and so is not slow to load", () => {
    const sizes = readdirSync(bundleFolder).map((file) => statSync(join(bundleFolder, file)).size);
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(320_000);
  });

  it("holds no credential chain but the environment's, and no YAML", () => {
    const text = readdirSync(bundleFolder)
      .map((file) => readFileSync(join(bundleFolder, file), "utf8"))
      .join("");
    const traces = ["sso-oidc", "169.254.170.2", "web_identity_token_file", "Nested mappings are not allowed"];
    expect(traces.filter((trace) => text.includes(trace))).toEqual([]);
  });

  it("and its zip are the same bytes in two runs", async () => {
    const again = mkdtempSync(join(tmpdir(), "reprieve-infra-"));
    await packageStack({ policyFile, stage: "prod", outDir: again });
    const hash = (dir: string) =>
      createHash("sha256")
        .update(readFileSync(join(dir, "guard.zip")))
        .digest("hex");
    expect(hash(again)).toBe(hash(outDir));
    rmSync(again, { recursive: true });
  }, 60_000);

  it("starts with no other policy than the one that was checked", () => {
    const forged = mkdtempSync(join(tmpdir(), "reprieve-infra-"));
    cpSync(bundleFolder, forged, { recursive: true });
    const index = join(forged, "index.mjs");
    const start = () => {
      const code = `await import(${JSON.stringify(index)})`;
      const env = { ...Object.fromEntries(settingNames("guard").map((name) => [name, "1"])), ...environment };
      return spawnSync(process.execPath, ["--input-type=module", "--eval", code], { env, encoding: "utf8" });
    };
    expect(start().stderr).toBe("");
    writeFileSync(index, readFileSync(index, "utf8").replace('mode:"observe"', 'mode:"enforce"'));
    expect(start().stderr).toContain("the policy in the bundle is not the one that the build checked");
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

  it("reads the environment in functions/runtime.ts alone", () => {
    const readers = [...files("lib"), ...files("functions")].filter((file) =>
      readFileSync(resolve(root, file), "utf8").includes("process.env"),
    );
    expect(readers).toEqual(["functions/runtime.ts"]);
  });

  it("has no clock and no chance in the domain and the workflows", () => {
    const sources = [...files("lib/domain"), ...files("lib/workflows")];
    const impure = sources.filter((file) =>
      /Date\.now|new Date\(\)|Math\.random|performance\.|setTimeout/.test(readFileSync(resolve(root, file), "utf8")),
    );
    expect(impure).toEqual([]);
  });
});
