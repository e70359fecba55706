import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import type { StackHealth } from "../../cli/health/stack-health.ts";
import { subscriptionsOf } from "../../cli/health/subscriptions.ts";
import { root } from "../../scripts/bundle.ts";
import type { Alarm } from "../../scripts/deploy/alarms.ts";
import { changesBetween } from "../../scripts/deploy/changes.ts";
import type { Check } from "../../scripts/deploy/check.ts";
import type { Cloud, DeployedStack } from "../../scripts/deploy/cloud.ts";
import { argumentsOf, readDeployCommand } from "../../scripts/deploy/command.ts";
import type { Intended } from "../../scripts/deploy/deployed-settings.ts";
import { accountCheck, preflight } from "../../scripts/deploy/preflight.ts";
import type { RunningStack } from "../../scripts/deploy/running-stack.ts";
import {
  developmentSettings,
  parameterNames,
  type StackSettings,
  settingNames,
} from "../../scripts/deploy/settings.ts";
import { slackManifest } from "../../scripts/deploy/slack-manifest.ts";
import { canary, conclusion, verifyParts } from "../../scripts/deploy/verify.ts";
import { denied, fakeCloud, protectedStack, signingKey } from "../doubles/cloud.ts";
import { healthy } from "../doubles/stack-health.ts";

const never = async () => await Promise.reject(Object.assign(new Error("no such host"), { name: "ENOTFOUND" }));
const plan = {
  stackName: "reprieve-prod",
  region: "us-east-1",
  stage: "prod",
  account: "111122223333",
  settings: {
    ...developmentSettings,
    alarmMail: "oncall@example.com",
    noticeMail: "custodians@example.com",
    signingKey,
    deployerRole: "arn:aws:iam::111122223333:role/ci/deployer",
    breakGlassRole: "arn:aws:iam::111122223333:role/break-glass",
  },
  policy: { trust: { accounts: ["111122223333"] } },
  places: [{ account: "111122223333", region: "us-east-1" }],
};
const emptyBucket = { kind: "bucket", name: "b", isEmpty: true, isHeld: false } as const;
const verdicts = async (over: Partial<Cloud>) =>
  Object.fromEntries((await preflight(fakeCloud(over), plan)).map(({ subject, verdict }) => [subject, verdict]));

describe("deploy reads its command line", () => {
  it("with defaults", () => {
    const stageFile = resolve(root, "deploy/dev.yaml");
    const command = { stage: "dev", stageFile, weaken: [], unchecked: [], checkOnly: false, yes: false, json: false };
    expect(readDeployCommand([])).toEqual({ ok: true, command });
  });

  it("and writes it as it reads it", () => {
    const args = ["--stage", "prod", "--file", "/prod.yaml", "--account", "111122223333", "--region", "eu-west-1"];
    const more = [
      ...["--endpoint-url", "http://localhost:4566", "--json", "--weaken", "auditLock,mode"],
      ...["--unchecked", "trail,region", "--check", "--yes"],
    ];
    const read = readDeployCommand([...args, ...more]);
    expect(read).toMatchObject({ ok: true, command: { weaken: ["auditLock", "mode"], checkOnly: true, yes: true } });
    expect(read.ok && argumentsOf(read.command)).toEqual([...args, ...more]);
  });

  it.each([
    [["--stage", "Prod"], "--stage"],
    [["--stage", "a-stage-that-is-too-long"], "--stage"],
    [["--account", "123"], "--account"],
    [["--region", "mars"], "--region"],
    [["--endpoint-url", "localhost"], "--endpoint-url"],
    [["--weaken", "everything"], "--weaken"],
    [["--weaken", ""], "--weaken"],
    [["--unchecked", "account"], "--unchecked"],
    [["--policy", "policy.yaml"], "--policy"],
    [["--colour"], "--colour"],
  ])("and refuses %j", (args, fault) => {
    const read = readDeployCommand(args);
    expect(read.ok ? [] : read.faults.filter((each) => each.includes(fault))).not.toEqual([]);
  });
});

describe("before anything is made", () => {
  it("all is well in an account that is ready", async () => {
    expect(new Set(Object.values(await verdicts({})))).toEqual(new Set(["good"]));
  });

  it.each([
    ["ExpiredToken", "the token is expired", "sign in with `aws sso login`"],
    ["Error", "getaddrinfo ENOTFOUND sts.mars-1.amazonaws.com", "check the network, the proxy settings and the Region"],
  ])("says what to do about %s: %s", async (name, message, advice) => {
    const caller = async () => await Promise.reject(Object.assign(new Error(message), { name }));
    expect(await accountCheck({ caller }, "111122223333")).toMatchObject({
      verdict: "bad",
      found: expect.stringContaining(`${message}: ${advice}`),
    });
  });

  it.each<[string, Partial<Cloud>, Record<string, string>]>([
    ["no credentials", { caller: never }, { account: "bad" }],
    ["another account", { caller: async () => ({ account: "999999999999", arn: "arn" }) }, { account: "bad" }],
    ["a region without the service", { countKeys: never }, { "Payment Cryptography": "bad" }],
    ["no trail", { trails: async () => [] }, { CloudTrail: "bad" }],
    ["a trail that is off", { trails: async () => [{ name: "t", logging: false }] }, { CloudTrail: "bad" }],
    [
      "a trail without management events",
      { trails: async () => [{ name: "t", logging: true, managementWrites: false }] },
      { CloudTrail: "bad" },
    ],
    ["a trail that cannot be looked at", { trails: never }, { CloudTrail: "unknown" }],
    [
      "a bucket of that name",
      { bucketExists: async () => true, leftovers: async () => [emptyBucket] },
      { leftovers: "bad" },
    ],
  ])("%s is said", async (_, over, expected) => {
    expect(await verdicts(over)).toMatchObject(expected);
  });

  it("the bucket of the stack itself is no hindrance", async () => {
    const template = async () => '{"Resources":{"AuditBucket":{}}}';
    const stack = async () => protectedStack;
    expect(await verdicts({ stack, template, bucketExists: async () => true })).toMatchObject({ stack: "good" });
  });

  it.each<[string, string, Partial<StackSettings>, Check["verdict"]]>([
    ["deployerRole", "arn:aws:sts::111122223333:assumed-role/deployer/ci", {}, "good"],
    ["breakGlassRole", "arn:aws:sts::111122223333:assumed-role/break-glass/alice", {}, "good"],
    ["another role", "arn:aws:sts::111122223333:assumed-role/admin/alice", {}, "bad"],
    ["a role that bears the name as its path", "arn:aws:sts::111122223333:assumed-role/x/deployer", {}, "bad"],
    ["that role of another account", "arn:aws:sts::999999999999:assumed-role/deployer/ci", {}, "bad"],
    ["a user of that name", "arn:aws:iam::111122223333:user/deployer", {}, "bad"],
    ["another role, with no deployerRole", "arn:aws:iam::111122223333:user/a", { deployerRole: "none" }, "unknown"],
    ["another role, with no breakGlassRole", "arn:aws:iam::111122223333:user/a", { breakGlassRole: "none" }, "unknown"],
  ])("does not let CloudFormation lock itself out, signed in as %s", async (_, arn, over, verdict) => {
    const cloud = fakeCloud({ caller: async () => ({ account: "111122223333", arn }) });
    const checks = await preflight(cloud, { ...plan, settings: { ...plan.settings, ...over } });
    expect(checks.find(({ subject }) => subject === "administrators")).toMatchObject({ verdict });
  });

  it("asks another account nothing", async () => {
    const caller = async () => ({ account: "999999999999", arn: "arn" });
    expect(await verdicts({ caller })).toEqual({ account: "bad" });
  });

  it.each([
    [{}, { alarms: "good", notices: "good" }],
    [{ alarmMail: "none" }, { alarms: "unknown", notices: "good" }],
    [{ noticeMail: "none" }, { alarms: "good", notices: "unknown" }],
    [
      { noticeMail: "none", slackChannel: "C0123456789" },
      { alarms: "good", notices: "good" },
    ],
  ])("says whether anyone learns of an alarm and of a case, with %j", async (over, expected) => {
    const checks = await preflight(fakeCloud(), { ...plan, settings: { ...plan.settings, ...over } });
    const found = Object.fromEntries(checks.map(({ subject, verdict }) => [subject, verdict]));
    expect(found).toMatchObject(expected);
    const nobody = checks.filter(({ found }) => found.includes("NOBODY")).map(({ verdict }) => verdict);
    expect(nobody).toEqual(Object.values(expected).filter((verdict) => verdict === "unknown"));
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
  const alarmNames = ["reprieve-prod-keys-at-risk", "reprieve-prod-sweep-not-run"];
  const alarm = (name: string, over: Partial<Alarm> = {}): Alarm => ({ name, rings: false, acts: true, ...over });
  const ofType = (Type: string, AlarmName: string, over: object = {}) => ({ Type, Properties: { AlarmName }, ...over });
  const running = (over: Partial<RunningStack> = {}): RunningStack => ({
    ruleState: async () => "ENABLED",
    alarms: async () => alarmNames.map((name) => alarm(name)),
    deniedTo: async () => [],
    deleteNothing: async () => ({ error: "ResourceNotFoundException", at: 1_000_000 }),
    hasRecorded: async () => true,
    ...over,
  });
  const heardBy = (alarms: number, notices: number) => ({
    alarms: { confirmed: alarms, pending: 1 },
    tamper: { confirmed: alarms, pending: 1 },
    notices: { confirmed: notices, pending: 1 },
    slackChannel: undefined,
  });
  const intended: Intended & { readonly stage: string } = {
    stage: "prod",
    stackName: "reprieve-prod",
    region: "us-east-1",
    settings: developmentSettings,
    mode: "enforce",
    policyHash: "hash",
  };
  const parametersOf = (settings: StackSettings) =>
    Object.fromEntries(settingNames.map((name) => [parameterNames[name], String(settings[name])]));
  const deployed: DeployedStack = {
    status: "UPDATE_COMPLETE",
    parameters: parametersOf(developmentSettings),
    outputs: { PolicyMode: "enforce", PolicyHash: "hash" },
    tags: { STAGE: "prod", application: "reprieve" },
    role: "none",
  };
  const template = JSON.stringify({
    Resources: {
      ...Object.fromEntries(alarmNames.map((name, n) => [`A${n}`, ofType("AWS::CloudWatch::Alarm", name)])),
      Witness: ofType("AWS::CloudWatch::Alarm", "reprieve-prod-checkpoints-not-cosigned", { Condition: "HasWitness" }),
      Queue: ofType("AWS::SQS::Queue", "reprieve-prod-no-alarm"),
    },
  });
  const checksOf = async (over: Partial<RunningStack & StackHealth>, cloud: Partial<Cloud> = {}) =>
    await verifyParts(
      fakeCloud({ stack: async () => deployed, template: async () => template, ...cloud }),
      running(over),
      healthy(over),
      intended,
    );
  const parts = async (over: Partial<RunningStack & StackHealth>, cloud?: Partial<Cloud>) =>
    (await checksOf(over, cloud)).filter(({ verdict }) => verdict !== "good").map(({ subject }) => subject);
  const withStack = (over: Partial<DeployedStack>): Partial<Cloud> => ({
    stack: async () => ({ ...deployed, ...over }),
  });

  it.each<[string, Partial<Cloud>, string[]]>([
    ["a stack that rolled back", withStack({ status: "UPDATE_ROLLBACK_COMPLETE" }), ["stack"]],
    ["a stack that is being changed", withStack({ status: "UPDATE_IN_PROGRESS" }), ["stack"]],
    ["a stack that cannot be described", { stack: never }, ["stack", "settings"]],
    [
      "other settings",
      withStack({ parameters: parametersOf({ ...developmentSettings, retentionDays: 365 }) }),
      ["settings"],
    ],
    ["another policy", withStack({ outputs: { PolicyMode: "enforce", PolicyHash: "older" } }), ["settings"]],
    ["another mode", withStack({ outputs: { PolicyMode: "observe", PolicyHash: "hash" } }), ["settings"]],
  ])("of %s, as CloudFormation describes it", async (_, cloud, expected) => {
    expect(await parts({}, cloud)).toEqual(expected);
  });

  it("of a stack that does not exist says that first, asks nothing else, and does not pass", async () => {
    const checks = await checksOf({}, { stack: async () => undefined });
    expect(checks).toMatchObject([
      { subject: "stack", verdict: "bad", found: expect.stringContaining("does not exist") },
    ]);
    expect(conclusion(checks).passed).toBe(false);
  });

  it("passes only if every check was made, and says what it takes to make the others", async () => {
    expect(conclusion(await checksOf({}))).toEqual({ passed: true });
    const blind = await checksOf(
      { ruleState: denied, deniedTo: denied, alarms: denied, audience: denied },
      { trails: denied },
    );
    const { passed, text } = conclusion(blind);
    expect(passed).toBe(false);
    for (const part of [
      "CloudTrail (needs cloudtrail:DescribeTrails",
      "rule delete-key (needs events:DescribeRule)",
      "role guard (needs iam:GetRole, iam:SimulatePrincipalPolicy)",
      "alarms (needs cloudwatch:DescribeAlarms)",
      "notices (needs cloudformation:DescribeStacks, sns:ListSubscriptionsByTopic, secretsmanager:DescribeSecret)",
    ])
      expect(text).toContain(part);
  });

  it("names the command that enables a rule, on its bus", async () => {
    const found = (await checksOf({ ruleState: async () => "DISABLED" })).flatMap(({ subject, found }) =>
      subject.startsWith("rule") ? [found] : [],
    );
    expect(found[0]).toContain("aws events enable-rule --name reprieve-prod-delete-key --region us-east-1");
    expect(found[3]).toContain("--name reprieve-prod-announce --event-bus-name reprieve-prod --region us-east-1");
  });

  it("takes a rule, a role or alarms that someone deleted for bad, and not for unreadable", async () => {
    const gone = async () => await Promise.reject(Object.assign(new Error("x"), { name: "ResourceNotFoundException" }));
    const alarms = async () => [];
    const checks = await checksOf({ ruleState: gone, deniedTo: gone, alarms });
    const bad = checks.filter(({ verdict }) => verdict === "bad").map(({ subject }) => subject);
    expect(bad).toHaveLength(22);
    expect(checks.filter(({ found }) => found.includes("Repair drift"))).toHaveLength(22);
  });

  it.each<[string, Partial<RunningStack & StackHealth>, string[]]>([
    ["a stack that works", {}, []],
    [
      "an alarm that rings",
      { alarms: async () => alarmNames.map((name, n) => alarm(name, { rings: n === 1 })) },
      ["alarms"],
    ],
    [
      "a role that may restore nothing any more",
      { deniedTo: async (name) => (name === "guard" ? ["payment-cryptography:RestoreKey"] : []) },
      ["role guard"],
    ],
    ["roles that cannot be looked at", { deniedTo: never }, ["role guard", "role sweep"]],
    [
      "alarms and notices that nobody gets",
      { audience: async () => heardBy(0, 0) },
      ["alarm mail", "tamper mail", "notices"],
    ],
    [
      "notices that Slack alone gets",
      { audience: async () => ({ ...heardBy(1, 0), slackChannel: "C0123456789" }) },
      [],
    ],
    ["subscribers that cannot be looked at", { audience: never }, ["alarm mail", "tamper mail", "notices", "secrets"]],
    ["no alarms", { alarms: async () => [] }, ["alarms"]],
    [
      "an alarm that someone deleted",
      { alarms: async () => alarmNames.slice(1).map((name) => alarm(name)) },
      ["alarms"],
    ],
    [
      "an alarm whose actions someone disabled",
      { alarms: async () => alarmNames.map((name, n) => alarm(name, { acts: n === 1 })) },
      ["alarms"],
    ],
    [
      "an alarm of a witness that notifies nobody",
      {
        alarms: async () => [
          ...alarmNames.map((name) => alarm(name)),
          alarm("reprieve-prod-checkpoints-not-cosigned", { acts: false }),
        ],
      },
      ["alarms"],
    ],
    [
      "an alarm of another stage whose name begins so, too",
      {
        alarms: async () =>
          [...alarmNames, "reprieve-prod-eu-keys-at-risk"].map((name) => alarm(name, { rings: name.includes("-eu-") })),
      },
      [],
    ],
    [
      "a rule that matches reads too",
      {
        ruleState: async (rule) =>
          rule === "tamper-secret-reads" ? "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS" : "ENABLED",
      },
      [],
    ],
    [
      "changes of the guard that nobody learns of",
      { audience: async () => ({ ...heardBy(1, 1), tamper: { confirmed: 0, pending: 1 } }) },
      ["tamper mail"],
    ],
    [
      "a rule that is off",
      { ruleState: async (rule) => (rule === "delete-key" ? "DISABLED" : "ENABLED") },
      ["rule delete-key"],
    ],
  ])("of %s", async (_, over, expected) => {
    expect(await parts(over)).toEqual(expected);
  });

  it.each<[string, string, Partial<Cloud>]>([
    ["unknown", "cloudformation:GetTemplate", { template: denied }],
    ["bad", "the running template names none", { template: async () => "Resources: {}" }],
    ["bad", "the running template names none", { template: async () => '{"Resources":{}}' }],
  ])("says %s of alarms where the running template names none: %s", async (verdict, text, cloud) => {
    const check = (await checksOf({}, cloud)).find(({ subject }) => subject === "alarms");
    expect([check?.verdict, `${check?.found} ${check?.needs}`]).toEqual([verdict, expect.stringContaining(text)]);
  });

  it("names the alarms that are missing, that notify nobody, and that ring", async () => {
    const alarms = async () => [alarm("reprieve-prod-sweep-not-run", { acts: false, rings: true })];
    const found = (await checksOf({ alarms })).find(({ subject }) => subject === "alarms")?.found;
    expect(found?.split("; ").map((text) => text.slice(0, 50))).toEqual([
      "reprieve-prod-keys-at-risk: deleted by someone: a ",
      "reprieve-prod-sweep-not-run: NOBODY is notified by",
      "reprieve-prod-sweep-not-run: see docs/runbook.md",
    ]);
  });

  it("counts the subscriptions that someone has confirmed, on every page", async () => {
    const pages = [
      {
        Subscriptions: [{ SubscriptionArn: "PendingConfirmation" }, { SubscriptionArn: "arn:aws:sns:x" }],
        NextToken: "2",
      },
      { Subscriptions: [{ SubscriptionArn: "Deleted" }, { SubscriptionArn: "arn:aws:sns:y" }] },
    ];
    const asked: unknown[] = [];
    const client = {
      send: async ({ input }: { input: unknown }) => {
        asked.push(input);
        return pages[asked.length - 1];
      },
    };
    expect(await subscriptionsOf(client as never, "topic")).toEqual({ confirmed: 2, pending: 1 });
    expect(asked).toEqual([{ TopicArn: "topic" }, { TopicArn: "topic", NextToken: "2" }]);
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
    const refused = await fly({ deleteNothing: async () => ({ error: "AccessDeniedException" }) });
    expect(refused).toMatchObject({ verdict: "unknown", needs: expect.stringContaining("--no-canary") });
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
