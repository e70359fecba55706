import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { root } from "../../scripts/bundle.ts";
import { readAccounts, slackOf } from "../../scripts/deploy/accounts.ts";
import { changesBetween } from "../../scripts/deploy/changes.ts";
import type { Cloud } from "../../scripts/deploy/cloud.ts";
import { readDeployCommand } from "../../scripts/deploy/command.ts";
import { preflight } from "../../scripts/deploy/preflight.ts";
import type { RunningStack } from "../../scripts/deploy/running-stack.ts";
import { canary, verifyParts } from "../../scripts/deploy/verify.ts";
import { slackManifest } from "../../scripts/slack-manifest.ts";

const never = async () => await Promise.reject(Object.assign(new Error("no such host"), { name: "ENOTFOUND" }));
const cloud = (over: Partial<Cloud> = {}): Cloud => ({
  caller: async () => ({ account: "111122223333", arn: "arn:aws:iam::111122223333:user/alice" }),
  askForKeys: async () => {},
  trails: async () => [{ name: "org", logging: true, managementWrites: true }],
  template: async () => undefined,
  changes: async () => [],
  endpoint: async () => "URL",
  bucketExists: async () => false,
  ...over,
});
const plan = { stackName: "reprieve-prod", region: "us-east-1", stage: "prod" };
const verdicts = async (over: Partial<Cloud>) =>
  Object.fromEntries((await preflight(cloud(over), plan)).map(({ what, verdict }) => [what, verdict]));

describe("deploy reads its parameters", () => {
  it("with defaults", () => {
    const command = {
      stage: "dev",
      region: "us-east-1",
      policyFile: "policy/policy.yaml",
      checkOnly: false,
      yes: false,
    };
    expect(readDeployCommand([], {})).toEqual({ ok: true, command });
    expect(readDeployCommand(["--stage", "prod", "--yes"], { AWS_REGION: "eu-west-1" })).toMatchObject({
      command: { stage: "prod", region: "eu-west-1", yes: true },
    });
  });

  it.each([
    [["--stage", "Prod"], {}, "--stage"],
    [["--stage", "a-stage-that-is-too-long"], {}, "--stage"],
    [["--region", "mars"], {}, "--region"],
    [["--colour"], {}, "--colour"],
    [[], { REPRIEVE_ALARM_MAIL: "nobody" }, "REPRIEVE_ALARM_MAIL"],
    [[], { REPRIEVE_AUDIT_LOCK: "NONE" }, "REPRIEVE_AUDIT_LOCK"],
    [[], { REPRIEVE_AUDIT_DAYS: "364" }, "REPRIEVE_AUDIT_DAYS"],
    [[], { REPRIEVE_AUDIT_DAYS: "36501" }, "REPRIEVE_AUDIT_DAYS"],
    [[], { REPRIEVE_SLACK_TEAM: "T0123456789" }, "all three, or none"],
    [[], { REPRIEVE_SLACK_CHANNEL: "payments" }, "REPRIEVE_SLACK_CHANNEL"],
  ])("and refuses %j with %j", (args, environment, fault) => {
    const read = readDeployCommand(args, environment);
    expect(read.ok ? [] : read.faults.filter((each) => each.includes(fault))).not.toEqual([]);
  });

  it.each(["365", "400", "3650", "36500"])("and takes %s days", (days) => {
    expect(readDeployCommand([], { REPRIEVE_AUDIT_DAYS: days }).ok).toBe(true);
  });
});

describe("a list of accounts", () => {
  it("is a profile and a region a line", () => {
    const places = [
      { profile: "payments-prod", region: "us-east-1" },
      { profile: "payments-prod", region: "eu-west-1" },
    ];
    const text = "# all\npayments-prod us-east-1\n\npayments-prod  eu-west-1 # Ireland\n";
    expect(readAccounts(text)).toEqual({ ok: true, places });
  });

  it("may name the Slack app of each stack: an app has one address for callbacks", () => {
    const place = { profile: "a", region: "us-east-1", slackApp: "A0123456789" };
    expect(readAccounts("a us-east-1 A0123456789\n")).toEqual({ ok: true, places: [place] });
  });

  it("does without REPRIEVE_SLACK_APP in the environment, which one stack alone cannot", () => {
    const slack = { REPRIEVE_SLACK_TEAM: "T0123456789", REPRIEVE_SLACK_CHANNEL: "C0123456789" };
    expect(readDeployCommand(["--accounts", "accounts.txt"], slack).ok).toBe(true);
    expect(readDeployCommand([], slack).ok).toBe(false);
    expect(readDeployCommand(["--accounts", "accounts.txt"], { REPRIEVE_SLACK_TEAM: "T0123456789" }).ok).toBe(false);
  });

  it.each([
    ["A0ONE", {}, { REPRIEVE_SLACK_APP: "A0ONE" }],
    ["A0ONE", { REPRIEVE_SLACK_APP: "A0ALL" }, { REPRIEVE_SLACK_APP: "A0ONE" }],
    [undefined, { REPRIEVE_SLACK_APP: "A0ALL" }, { REPRIEVE_SLACK_APP: "A0ALL" }],
    [
      undefined,
      { REPRIEVE_SLACK_TEAM: "T0" },
      expect.objectContaining({ REPRIEVE_SLACK_TEAM: "none", REPRIEVE_SLACK_APP: "none" }),
    ],
    ["none", { REPRIEVE_SLACK_APP: "A0ALL" }, expect.objectContaining({ REPRIEVE_SLACK_CHANNEL: "none" })],
  ])("tells a stack with the app %s in %j of Slack: %j", (app, environment, told) => {
    expect(slackOf(environment, app)).toEqual(told);
  });

  it.each([
    ["a us-east-1 a0lower", "line 1"],
    ["a us-east-1 A0 more", "line 1"],
    ["", "expected a line for each"],
    ["payments-prod", "line 1"],
    ["a us-east-1\nb mars", "line 2"],
    ["a us-east-1 --yes", "line 1"],
    ["$(id) us-east-1", "line 1"],
    ["a us-east-1\na us-east-1", "twice"],
  ])("and %j is none", (text, fault) => {
    const read = readAccounts(text);
    expect(read.ok ? "" : read.faults.join()).toContain(fault);
  });
});

describe("before anything is made", () => {
  it("all is well in an account that is ready", async () => {
    expect(new Set(Object.values(await verdicts({})))).toEqual(new Set(["good"]));
  });

  it.each<[string, Partial<Cloud>, Record<string, string>]>([
    ["no credentials", { caller: never }, { credentials: "bad" }],
    ["a region without the service", { askForKeys: never }, { "Payment Cryptography": "bad" }],
    ["no trail", { trails: async () => [] }, { CloudTrail: "bad" }],
    ["a trail that is off", { trails: async () => [{ name: "t", logging: false }] }, { CloudTrail: "bad" }],
    [
      "a trail without management events",
      { trails: async () => [{ name: "t", logging: true, managementWrites: false }] },
      { CloudTrail: "bad" },
    ],
    ["a trail that cannot be looked at", { trails: never }, { CloudTrail: "unknown" }],
    ["a bucket of that name", { bucketExists: async () => true }, { "audit bucket": "bad" }],
  ])("%s is said", async (_, over, expected) => {
    expect(await verdicts(over)).toMatchObject(expected);
  });

  it("the bucket of the stack itself is no hindrance", async () => {
    const template = async () => '{"Resources":{"AuditBucket":{}}}';
    expect(await verdicts({ template, bucketExists: async () => true })).toMatchObject({ stack: "good" });
  });
});

describe("what will change", () => {
  const template = (resources: object) => JSON.stringify({ Resources: resources });
  const queue = (seconds: number) => ({
    Type: "AWS::SQS::Queue",
    Properties: { QueueName: "q", VisibilityTimeout: seconds },
  });

  it("is everything where nothing is", () => {
    expect(changesBetween(undefined, template({ Queue: queue(1) }))).toEqual(["+ Queue (AWS::SQS::Queue)"]);
  });

  it("is named by resource and property, and nothing that stays", () => {
    const before = template({ Queue: queue(1), Gone: queue(1), Same: queue(1) });
    const after = template({ Queue: queue(2), Same: queue(1), New: queue(1) });
    expect(changesBetween(before, after)).toEqual([
      "- Gone (AWS::SQS::Queue)",
      "+ New (AWS::SQS::Queue)",
      "~ Queue (AWS::SQS::Queue): VisibilityTimeout",
    ]);
  });
});

describe("verify-deployment", () => {
  const running = (over: Partial<RunningStack> = {}): RunningStack => ({
    status: async () => "UPDATE_COMPLETE",
    ruleState: async () => "ENABLED",
    alarms: async () => ({ count: 22, ringing: [] }),
    deniedTo: async () => [],
    deleteNothing: async () => "ResourceNotFoundException",
    hasRecorded: async () => true,
    ...over,
  });
  const parts = async (over: Partial<RunningStack>) =>
    (await verifyParts(cloud(), running(over))).filter(({ verdict }) => verdict !== "good").map(({ what }) => what);

  it.each<[string, Partial<RunningStack>, string[]]>([
    ["a stack that works", {}, []],
    ["a stack that rolled back", { status: async () => "UPDATE_ROLLBACK_COMPLETE" }, ["stack"]],
    ["a stack that is not there", { status: never }, ["stack"]],
    [
      "an alarm that rings",
      { alarms: async () => ({ count: 22, ringing: ["reprieve-dev-event-missed"] }) },
      ["alarms"],
    ],
    [
      "a role that may restore nothing any more",
      { deniedTo: async (name) => (name === "guard" ? ["payment-cryptography:RestoreKey"] : []) },
      ["role guard"],
    ],
    ["roles that cannot be looked at", { deniedTo: never }, ["role guard", "role sweep"]],
    ["no alarms", { alarms: async () => ({ count: 0, ringing: [] }) }, ["alarms"]],
    [
      "a rule that is off",
      { ruleState: async (rule) => (rule === "delete-key" ? "DISABLED" : "ENABLED") },
      ["rule delete-key"],
    ],
  ])("of %s", async (_, over, expected) => {
    expect(await parts(over)).toEqual(expected);
  });

  const fly = async (over: Partial<RunningStack>) => {
    const time = { now: 0 };
    const pause = async (ms: number) => {
      time.now += ms;
    };
    return await canary(running(over), "key", { clock: () => time.now, pause });
  };

  it("waits for the canary's record, for a quarter of an hour", async () => {
    let looks = 0;
    const hasRecorded = async () => ++looks > 3;
    expect(await fly({ hasRecorded })).toMatchObject({ verdict: "good", found: expect.stringContaining("15 s") });
    expect(await fly({ hasRecorded: async () => false })).toMatchObject({ verdict: "bad" });
  });

  it("does not take a refused call for a canary", async () => {
    expect(await fly({ deleteNothing: async () => "AccessDeniedException" })).toMatchObject({ verdict: "unknown" });
    expect(await fly({ hasRecorded: never })).toMatchObject({ verdict: "unknown" });
  });
});

describe("the Slack app's manifest", () => {
  it("has the stack's own address, and asks for the right to write alone", () => {
    const manifest = load(slackManifest("https://abc.execute-api.eu-west-1.amazonaws.com/")) as ReturnType<
      typeof JSON.parse
    >;
    expect(manifest.settings.interactivity.request_url).toBe(
      "https://abc.execute-api.eu-west-1.amazonaws.com/slack/interactions",
    );
    expect(manifest.oauth_config.scopes).toEqual({ bot: ["chat:write"] });
    expect(readFileSync(resolve(root, "slack-app-manifest.yml"), "utf8")).not.toMatch(/xox|[0-9a-f]{32}/);
  });
});
