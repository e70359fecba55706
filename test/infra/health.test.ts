import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { functionHealth } from "../../cli/health/function-health.ts";
import { healthFindings } from "../../cli/health/health-findings.ts";
import { recentFigures } from "../../cli/health/recent-figures.ts";
import { scheduleState } from "../../cli/health/schedule-state.ts";
import { type StackHealth, stackFunctions } from "../../cli/health/stack-health.ts";
import { stackProbes } from "../../cli/health/stack-probes.ts";
import { isRefusedCallOn } from "../../scripts/deploy/running-stack.ts";
import { canaryKeyArn } from "../../scripts/deploy/verify.ts";
import { denied } from "../doubles/cloud.ts";
import { startFakeAws } from "../doubles/fake-aws.ts";
import { packaged } from "../doubles/packaged.ts";
import { healthy } from "../doubles/stack-health.ts";

const stack = { stackName: "reprieve-prod", stage: "prod", region: "us-east-1" };
const findings = async (over: Partial<StackHealth>) => await healthFindings(healthy(over), stack);
const bad = async (over: Partial<StackHealth>) =>
  (await findings(over)).flatMap(({ subject, verdict, found }) =>
    verdict === "good" ? [] : [[subject, found] as const],
  );
const functionsWith =
  (name: string, over: object): StackHealth["functions"] =>
  async () =>
    (await healthy().functions()).map((each) => (each.name === name ? { ...each, ...over } : each));
const nobody = { confirmed: 0, pending: 0 };
const one = { confirmed: 1, pending: 0 };
const waiting = { confirmed: 0, pending: 1 };
const figures = { monitoring: "full", heartbeats: 2, restoresDenied: undefined, logAgeSeconds: 120 } as const;
const slim = { monitoring: "slim", sweeps: 24, failedSweeps: 0, keyAtRisk: 0, needsALook: 0 } as const;

describe("a stack that works", () => {
  it("is good in every part", async () => {
    const found = await findings({});
    expect(found.filter(({ verdict }) => verdict !== "good")).toEqual([]);
    expect(found.map(({ subject }) => subject)).toEqual([
      ...Object.keys(stackFunctions).map((name) => `function ${name}`),
      ...["schedule", "table", "stack key", "restore probe", "audit log", "alarm mail", "tamper mail", "notices"],
    ]);
  });

  it("has the functions, queues and reservations of the packaged template", async () => {
    const { Resources } = JSON.parse(readFileSync((await packaged("prod")).templateFile, "utf8")) as {
      Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
    };
    const ofType = (type: string) => Object.values(Resources).filter(({ Type }) => Type === type);
    const mapped = JSON.stringify(ofType("AWS::Lambda::EventSourceMapping"));
    const made = ofType("AWS::Lambda::Function").map(({ Properties }) => {
      const name = String(Properties["FunctionName"]).replace("reprieve-prod-", "");
      const id = `${name.charAt(0).toUpperCase()}${name.slice(1)}LambdaFunction`;
      const reservation = Properties["ReservedConcurrentExecutions"] as { "Fn::If": unknown[] };
      return [name, { queue: mapped.includes(`"${id}"`), reserved: reservation["Fn::If"][1] }];
    });
    expect(Object.fromEntries(made)).toEqual(stackFunctions);
  }, 60_000);
});

describe("a stack that does not work", () => {
  it.each<[string, Partial<StackHealth>, string, string]>([
    [
      "a stopped guard",
      { functions: functionsWith("guard", { reserved: 0 }) },
      "function guard",
      "put-function-concurrency --region us-east-1 --function-name reprieve-prod-guard --reserved-concurrent-executions 2",
    ],
    [
      "a votes function without a reservation",
      { functions: functionsWith("votes", { reserved: undefined }) },
      "function votes",
      "no concurrency is reserved",
    ],
    [
      "a function that is stopped where nothing is reserved",
      { functions: functionsWith("votes", { reserved: 0, wanted: undefined }) },
      "function votes",
      "STOPPED: its reserved concurrency is 0: `aws lambda delete-function-concurrency --region us-east-1 --function-name reprieve-prod-votes`",
    ],
    [
      "a disabled queue",
      { functions: functionsWith("notify", { mapping: "Disabled" }) },
      "function notify",
      "update-event-source-mapping --region us-east-1 --uuid notify-mapping --enabled",
    ],
    [
      "a deleted mapping",
      { functions: functionsWith("votes", { mapping: "none" }) },
      "function votes",
      "someone deleted the event source mapping",
    ],
    ["a disabled schedule", { scheduleState: async () => "DISABLED" }, "schedule", "Enable reprieve-prod-sweep"],
    ["a table that can be deleted", { tableIsProtected: async () => false }, "table", "TableProtection=on"],
    ["a disabled key", { keyState: async () => "Disabled" }, "stack key", "aws kms enable-key"],
    [
      "a denied restore",
      { recentFigures: async () => ({ ...figures, restoresDenied: 1 }) },
      "restore probe",
      "RestoreKey was DENIED",
    ],
    [
      "no heartbeat",
      { recentFigures: async () => ({ ...figures, heartbeats: undefined }) },
      "restore probe",
      "no heartbeat in the last two hours",
    ],
    [
      "an old log",
      { recentFigures: async () => ({ ...figures, logAgeSeconds: 7_201 }) },
      "audit log",
      "120 min behind",
    ],
    [
      "a log of unknown age",
      { recentFigures: async () => ({ ...figures, logAgeSeconds: undefined }) },
      "audit log",
      "its age is unknown",
    ],
    [
      "a counted risk under slim monitoring",
      { recentFigures: async () => ({ ...slim, keyAtRisk: 2 }) },
      "restore probe",
      "2 failures in the last two hours: docs/runbook.md, slim-key-at-risk",
    ],
    [
      "a counted failure under slim monitoring",
      { recentFigures: async () => ({ ...slim, needsALook: 1 }) },
      "audit log",
      "1 failures in the last two hours: docs/runbook.md, slim-needs-a-look",
    ],
    [
      "alarms that nobody confirmed",
      { audience: async () => ({ alarms: waiting, tamper: one, notices: one, slackChannel: undefined }) },
      "alarm mail",
      "NOBODY is alerted: 1 subscription is not confirmed",
    ],
    [
      "no subscription to notices",
      { audience: async () => ({ alarms: one, tamper: one, notices: nobody, slackChannel: undefined }) },
      "notices",
      "NOBODY is notified of a case: no Slack, and nobody has subscribed",
    ],
  ])("by %s says what to do", async (_, over, subject, found) => {
    const all = await bad(over);
    expect(all.map(([name]) => name)).toEqual([subject]);
    expect(all[0]?.[1]).toContain(found);
  });

  it("does not count a Slack channel whose secrets have no value", async () => {
    const audience = async () => ({ alarms: one, tamper: one, notices: nobody, slackChannel: "C0123456789" });
    const secretsSet = async () => ({ "slack-signing-secret": true, "slack-bot-token": false });
    const all = await bad({ audience, secretsSet });
    expect(all.map(([name]) => name)).toEqual(["notices", "secrets"]);
    expect(all[0]?.[1]).toContain("its Slack secrets have no value");
    expect(all[1]?.[1]).toContain("put-secret-value --region us-east-1 --secret-id reprieve/prod/slack-bot-token");
    expect(await bad({ audience })).toEqual([]);
  });

  it("is good under slim monitoring while sweeps end well, and bad in both parts when none does", async () => {
    const found = await findings({ recentFigures: async () => ({ ...slim, failedSweeps: 1 }) });
    expect(found.filter(({ verdict }) => verdict !== "good")).toEqual([]);
    for (const failing of [{ sweeps: 0 }, { failedSweeps: 24 }]) {
      const all = await bad({ recentFigures: async () => ({ ...slim, ...failing }) });
      expect(all.map(([subject]) => subject)).toEqual(["restore probe", "audit log"]);
      expect(all[0]?.[1]).toContain("sweeps ended well in the last two hours: wait for a first deployment");
    }
  });

  it("is good without reservations where the stack is set to have none", async () => {
    const functions = async () =>
      (await healthy().functions()).map((each) => ({ ...each, reserved: undefined, wanted: undefined }));
    const found = await findings({ functions });
    expect(found.filter(({ verdict }) => verdict !== "good")).toEqual([]);
    expect(found[0]).toMatchObject({
      subject: "function guard",
      found: "none is reserved, as set, its queue invokes it",
    });
  });

  it("names the permission for every part that cannot be looked at, and looks at the others", async () => {
    const all = await findings({
      ...{ functions: denied, scheduleState: denied, tableIsProtected: denied, keyState: denied },
      ...{ recentFigures: denied, audience: denied },
    });
    expect(all.map(({ subject, verdict, needs }) => [subject, verdict, needs])).toEqual([
      [
        "functions",
        "unknown",
        "cloudformation:DescribeStacks, lambda:GetFunctionConcurrency, lambda:ListEventSourceMappings",
      ],
      ["schedule", "unknown", "scheduler:GetSchedule"],
      ["table", "unknown", "dynamodb:DescribeTable"],
      ["stack key", "unknown", "kms:DescribeKey"],
      ["restore probe", "unknown", "cloudformation:DescribeStacks, cloudwatch:GetMetricData"],
      ["audit log", "unknown", "cloudformation:DescribeStacks, cloudwatch:GetMetricData"],
      ...["alarm mail", "tamper mail", "notices", "secrets"].map((subject) => [
        ...[subject, "unknown"],
        "cloudformation:DescribeStacks, sns:ListSubscriptionsByTopic, secretsmanager:DescribeSecret",
      ]),
    ]);
  });
});

describe("what AWS says of a stack", () => {
  const answering = (...pages: unknown[]) => ({ send: async () => pages.shift() }) as never;
  const settings = (endpoint: string) => ({
    ...{ region: "us-east-1", maxAttempts: 1, endpoint },
    credentials: async () => ({ accessKeyId: "AKIDRIGHT", secretAccessKey: "s" }),
  });

  it("is read of functions and their mappings", async () => {
    const mapping = { EventSourceMappings: [{ State: "Disabled", UUID: "u-1" }] };
    const client = () => answering({ ReservedConcurrentExecutions: 0 }, mapping);
    expect(await functionHealth(client(), "f", "guard", { queue: true, wanted: 2 })).toEqual({
      ...{ name: "guard", reserved: 0, wanted: 2, mapping: "Disabled", mappingId: "u-1" },
    });
    expect(await functionHealth(client(), "f", "sweep", { queue: false, wanted: 1 })).toEqual({
      ...{ name: "sweep", reserved: 0, wanted: 1 },
    });
    expect(await functionHealth(answering({}, {}), "f", "guard", { queue: true, wanted: undefined })).toEqual({
      ...{ name: "guard", reserved: undefined, wanted: undefined, mapping: "none" },
    });
  });

  it("is read of metrics: sums, the newest age, and nothing where nothing was published", async () => {
    const MetricDataResults = [
      { Id: "heartbeats", Values: [1, 1] },
      { Id: "age", Values: [90, 6_000] },
      { Id: "denied", Values: [] },
    ];
    const asked = { stackName: "reprieve-prod", now: 0 };
    expect(await recentFigures(answering({ MetricDataResults }), { ...asked, monitoring: "full" })).toEqual({
      ...{ monitoring: "full", heartbeats: 2, restoresDenied: undefined, logAgeSeconds: 90 },
    });
    const slimResults = [
      { Id: "sweeps", Values: [12, 11] },
      { Id: "failed", Values: [0, 1] },
      { Id: "risk", Values: [3] },
    ];
    const answer = answering({ MetricDataResults: slimResults });
    expect(await recentFigures(answer, { ...asked, monitoring: "slim" })).toEqual({
      ...{ monitoring: "slim", sweeps: 23, failedSweeps: 1, keyAtRisk: 3, needsALook: 0 },
    });
  });

  it("is read of the schedule, by a signed request; an error keeps its name", async () => {
    const aws = await startFakeAws({ "GET S3": ({ accessKey }) => ({ json: { State: `${accessKey} ENABLED` } }) });
    try {
      expect(await scheduleState("reprieve-prod-sweep", settings(aws.url), 0)).toBe("AKIDRIGHT ENABLED");
    } finally {
      await aws.stop();
    }
    const none = await startFakeAws({});
    try {
      await expect(scheduleState("x", settings(none.url), 0)).rejects.toThrow("answered 403");
    } finally {
      await none.stop();
    }
  });

  it("is that a secret has a value only once a version of it is current", async () => {
    const versions = [{ v1: ["AWSCURRENT"] }, undefined];
    const aws = await startFakeAws({ DescribeSecret: () => ({ json: { VersionIdsToStages: versions.shift() } }) });
    try {
      const found = await stackProbes("prod", settings(aws.url), () => 0).secretsSet();
      expect(Object.values(found).sort()).toEqual([false, true]);
    } finally {
      await aws.stop();
    }
  });
});

describe("the canary", () => {
  it("always names the same key, so that a role may be allowed to delete that one alone", () => {
    const place = { partition: "aws", account: "111122223333", region: "eu-west-1" };
    expect(canaryKeyArn(place)).toBe("arn:aws:payment-cryptography:eu-west-1:111122223333:key/reprievecanary00");
  });

  it("does not take an earlier canary's record for its own", () => {
    const identifier = "arn:aws:payment-cryptography:us-east-1:111122223333:key/reprievecanary00";
    const text = JSON.stringify({ calledAt: 5_000, identifier });
    expect(isRefusedCallOn(text, identifier, 5_000)).toBe(true);
    expect(isRefusedCallOn(text, identifier, 5_001)).toBe(false);
    expect(isRefusedCallOn(text, `${identifier}1`, 0)).toBe(false);
    expect(isRefusedCallOn("{", identifier, 0)).toBe(false);
  });
});
