import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runSimulation } from "@cloud-copilot/iam-simulate";
import { beforeAll, describe, expect, it } from "vitest";
import { rolesOf } from "../../local/world/template/functions.ts";
import { Template } from "../../local/world/template/template.ts";
import { packaged } from "../doubles/packaged.ts";

/** Who may use the stack's own queues, secrets, table, bus, bucket and functions, by simulation of the packaged template's policies. */

const account = "111122223333";
const region = "us-east-1";
const functions = ["guard", "approval", "votes", "notify", "sweep", "remediation"] as const;
const deployer = `arn:aws:iam::${account}:role/ci/deployer`;
const breakGlass = `arn:aws:iam::${account}:role/break-glass`;
const administrator = `arn:aws:iam::${account}:role/administrator`;
const allowAll = [{ Effect: "Allow", Action: "*", Resource: "*" }];

interface Policy {
  readonly PolicyDocument: unknown;
}

/** The template with both administrator roles, and with none. */
let closed: Template;
let open: Template;

beforeAll(async () => {
  const { templateFile, outDir } = await packaged("prod");
  const place = { account, region, queueUrl: (name: string) => name, apiUrl: () => "" };
  const template = JSON.parse(readFileSync(templateFile, "utf8"));
  // Every door has to know the roles by their path.
  Object.assign(template.Parameters.RolePath, { Default: "/reprieve/" });
  open = new Template(written("open", template, outDir), place);
  Object.assign(template.Parameters.DeployerRole, { Default: deployer });
  Object.assign(template.Parameters.BreakGlassRole, { Default: breakGlass });
  Object.assign(template.Parameters.FunctionPolicies, { Default: "on" });
  closed = new Template(written("closed", template, outDir), place);
});

function written(name: string, template: object, folder: string): string {
  const file = join(folder, `${name}-${process.pid}.json`);
  writeFileSync(file, JSON.stringify(template));
  return file;
}

const named = (name: string) => `reprieve-prod-${name}`;
const roleArn = (name: string) => `arn:aws:iam::${account}:role/reprieve/${named(name)}-${region}`;
const queueArn = (name: string) => `arn:aws:sqs:${region}:${account}:${named(name)}`;
const functionArn = (name: string) => `arn:aws:lambda:${region}:${account}:function:${named(name)}`;
const secretArn = (name: string) => `arn:aws:secretsmanager:${region}:${account}:secret:reprieve/prod/${name}`;
const tableArn = `arn:aws:dynamodb:${region}:${account}:table/${named("cases")}`;
const busArn = `arn:aws:events:${region}:${account}:event-bus/reprieve-prod`;
const keyArn = `arn:aws:payment-cryptography:${region}:${account}:key/x`;
const ruleArn = `arn:aws:events:${region}:${account}:rule/${named("delete-key")}`;
/** The local template has no id of the key, and takes its logical name. */
const stackKeyArn = `arn:aws:kms:${region}:${account}:key/Key`;
const bucketArn = `arn:aws:s3:::reprieve-prod-audit-${account}-${region}`;

/** Returns the policy of the resource itself, if it has one. */
function resourcePolicyOf(template: Template, resource: string): unknown {
  const [, , service, , , name] = resource.split(":");
  switch (service) {
    case "sqs":
      return propertyOf(template, "AWS::SQS::QueuePolicy", `"Queues":["${name}"]`, "PolicyDocument");
    case "secretsmanager":
      return propertyOf(template, "AWS::SecretsManager::ResourcePolicy", `"SecretId":"${resource}"`, "ResourcePolicy");
    case "lambda":
      return propertyOf(template, "AWS::Lambda::ResourcePolicy", `"ResourceArn":"${resource}"`, "PolicyDocument");
    case "dynamodb":
      return (propertyOf(template, "AWS::DynamoDB::Table", "", "ResourcePolicy") as Policy).PolicyDocument;
    case "events":
      return {
        Version: "2012-10-17",
        Statement: [propertyOf(template, "AWS::Events::EventBusPolicy", "", "Statement")],
      };
    case "kms":
      return propertyOf(template, "AWS::KMS::Key", "", "KeyPolicy");
    case "s3":
      return propertyOf(template, "AWS::S3::BucketPolicy", '"Bucket":"reprieve-prod-audit-', "PolicyDocument");
    default:
      return undefined;
  }
}

function propertyOf(template: Template, type: string, text: string, property: string): unknown {
  const found = template.ofType(type).find(({ properties }) => JSON.stringify(properties).includes(text));
  return found?.properties[property];
}

interface Asking {
  readonly template?: Template;
  /** ARN of the caller's role. */
  readonly as: string;
  readonly action: string;
  readonly on: string;
  readonly context?: Readonly<Record<string, string | string[]>>;
  /** Without: the statements of the function role, or for others `Allow *`. */
  readonly statements?: readonly object[];
}

async function may({ template = closed, as, action, on, context = {}, statements }: Asking): Promise<boolean> {
  const name = functions.find((each) => as === roleArn(each));
  const own = name === undefined ? allowAll : rolesOf(template).get(name)?.statements;
  const resourcePolicy = resourcePolicyOf(template, on);
  const answer = await runSimulation(
    {
      request: {
        principal: `arn:aws:sts::${account}:assumed-role/${as.split("/").at(-1)}/session`,
        action,
        resource: { resource: on, accountId: account },
        contextVariables: {
          "aws:PrincipalArn": as,
          "aws:SecureTransport": "true",
          ...(name !== undefined && { "lambda:SourceFunctionArn": functionArn(name) }),
          ...context,
        },
      },
      identityPolicies: [
        {
          name: "own",
          policy: { Version: "2012-10-17", Statement: (statements ?? own)?.map((each) => ({ ...each })) },
        },
      ],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      ...(resourcePolicy !== undefined && { resourcePolicy }),
    },
    {},
  );
  if (answer.resultType === "error") throw new Error(JSON.stringify(answer.errors));
  return answer.overallResult === "Allowed";
}

/** Who of everyone may do `action` on `resource`; administrators of the account have `Allow *` of their own. */
async function whoMay(action: string, on: string, more: Omit<Partial<Asking>, "action" | "on" | "as"> = {}) {
  const everyone = {
    ...Object.fromEntries(functions.map((name) => [name, roleArn(name)])),
    deployer,
    breakGlass,
    administrator,
  };
  const answers = await Promise.all(
    Object.entries(everyone).map(async ([name, as]) => ((await may({ ...more, as, action, on })) ? [name] : [])),
  );
  return answers.flat();
}

const queues: readonly (readonly [name: string, reader: string, senders: readonly string[]])[] = [
  ["guard", "guard", ["sweep"]],
  ["notify", "notify", ["sweep"]],
  ["votes.fifo", "votes", ["approval", "sweep"]],
  ["remediation", "remediation", ["sweep"]],
  ["changes", "remediation", ["sweep"]],
  ["guard-dead-letters", "sweep", ["guard"]],
  ["notify-dead-letters", "sweep", ["notify"]],
  ["votes-dead-letters.fifo", "sweep", ["votes"]],
  ["remediation-dead-letters", "sweep", ["remediation"]],
  ["rule-dead-letters", "sweep", []],
  ["sweep-dead-letters", "", ["sweep"]],
];

describe("a queue of the stack", () => {
  it.each(queues)("%s is read by its reader and in an emergency, and by nobody else", async (name, reader) => {
    const readers = [...(reader === "" ? [] : [reader]), "breakGlass"];
    for (const action of ["sqs:ReceiveMessage", "sqs:DeleteMessage"])
      expect(await whoMay(action, queueArn(name))).toEqual(readers);
    expect(await whoMay("sqs:PurgeQueue", queueArn(name))).toEqual(["breakGlass"]);
    expect(await whoMay("sqs:PurgeQueue", queueArn(name), { template: open })).toEqual([]);
  });

  it.each(queues)("%s takes messages from those alone who have something to send", async (name, _, senders) => {
    expect(await whoMay("sqs:SendMessage", queueArn(name))).toEqual(senders);
  });

  it.each(queues)("%s is changed by both administrator roles alone, if the stage names both", async (name) => {
    const actions = ["SetQueueAttributes", "DeleteQueue", "AddPermission", "RemovePermission", "StartMessageMoveTask"];
    for (const action of actions) {
      expect(await whoMay(`sqs:${action}`, queueArn(name))).toEqual(["deployer", "breakGlass"]);
      const anyone = ["deployer", "breakGlass", "administrator"];
      expect(await whoMay(`sqs:${action}`, queueArn(name), { template: open })).toEqual(anyone);
    }
  });

  it("has a policy with at most seven actions in each statement, as SQS demands", () => {
    const policies = closed.ofType("AWS::SQS::QueuePolicy");
    expect(policies).toHaveLength(queues.length);
    for (const { properties } of policies) {
      const { Statement } = properties["PolicyDocument"] as { Statement: { Action: string | string[] }[] };
      for (const { Action } of Statement) expect([Action].flat().length).toBeLessThanOrEqual(7);
    }
  });

  it("is the dead-letter queue of no other queue than its own", () => {
    const byName = Object.fromEntries(
      closed
        .ofType("AWS::SQS::Queue")
        .map(({ properties }) => [properties["QueueName"], properties["RedriveAllowPolicy"]]),
    );
    const byQueue = (...names: string[]) => ({
      redrivePermission: "byQueue",
      sourceQueueArns: names.map((name) => queueArn(name)),
    });
    const denyAll = { redrivePermission: "denyAll" };
    expect(byName).toEqual({
      [named("guard")]: denyAll,
      [named("notify")]: denyAll,
      [named("votes.fifo")]: denyAll,
      [named("remediation")]: denyAll,
      [named("changes")]: denyAll,
      [named("guard-dead-letters")]: byQueue("guard"),
      [named("notify-dead-letters")]: byQueue("notify"),
      [named("votes-dead-letters.fifo")]: byQueue("votes.fifo"),
      [named("remediation-dead-letters")]: byQueue("remediation", "changes"),
      [named("rule-dead-letters")]: denyAll,
      [named("sweep-dead-letters")]: denyAll,
    });
  });
});

describe("a secret of the stack", () => {
  it.each([
    ["slack-signing-secret", ["approval", "votes"]],
    ["slack-bot-token", ["approval", "notify"]],
  ])("%s is read by the functions that use it, and by no administrator", async (name, readers) => {
    expect(await whoMay("secretsmanager:GetSecretValue", secretArn(name))).toEqual(readers);
    expect(await whoMay("secretsmanager:GetSecretValue", secretArn(name), { template: open })).toEqual(readers);
  });

  it.each(["PutSecretValue", "UpdateSecret", "DeleteSecret", "PutResourcePolicy", "DeleteResourcePolicy"])(
    "is changed by both administrator roles alone, if the stage names both: %s",
    async (action) => {
      const secret = secretArn("slack-signing-secret");
      expect(await whoMay(`secretsmanager:${action}`, secret)).toEqual(["deployer", "breakGlass"]);
      const anyone = ["deployer", "breakGlass", "administrator"];
      expect(await whoMay(`secretsmanager:${action}`, secret, { template: open })).toEqual(anyone);
    },
  );
});

describe("the record", () => {
  const item = (key: string) => ({ context: { "dynamodb:LeadingKeys": [key] } });

  it.each<[string, string[]]>([
    ["case#x", ["guard", "votes", "sweep", "remediation"]],
    ["permit#x", ["guard", "votes", "sweep"]],
    ["pause", ["guard", "votes", "sweep"]],
    ["receipt#x", ["guard", "votes", "sweep"]],
    ["notice#x", ["guard", "notify", "sweep"]],
    ["checkpoint", ["guard", "sweep"]],
    ["remediation#x", ["guard", "sweep", "remediation"]],
  ])("%s is written by our functions alone", async (key, writers) => {
    expect(await whoMay("dynamodb:UpdateItem", tableArn, item(key))).toEqual(writers);
    for (const action of ["PutItem", "DeleteItem"])
      expect(await whoMay(`dynamodb:${action}`, tableArn, item(key))).toEqual([]);
  });

  it("is written in no way by the function that the internet reaches, whatever the item", async () => {
    const as = roleArn("approval");
    const writes = ["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "PartiQLInsert", "PartiQLUpdate"];
    for (const key of ["case#x", "permit#x", "receipt#x", "notice#x", "pause", "checkpoint"])
      for (const action of writes.map((name) => `dynamodb:${name}`))
        expect([action, key, await may({ as, action, on: tableArn, ...item(key) })]).toEqual([action, key, false]);
    for (const key of ["case#x", "permit#x", "receipt#x", "pause"])
      expect(await may({ as, action: "dynamodb:GetItem", on: tableArn, ...item(key) })).toBe(true);
    for (const key of ["notice#x", "calls#x", "access#x", "control#x", "policy", "deletions#x"])
      expect(await may({ as, action: "dynamodb:GetItem", on: tableArn, ...item(key) })).toBe(false);
  });

  it("on the bus comes from our functions alone", async () => {
    expect(await whoMay("events:PutEvents", busArn)).toEqual(["guard", "votes", "notify", "sweep", "remediation"]);
  });

  it("in the bucket is written once, by the sweep, and deleted by nobody", async () => {
    const object = `${bucketArn}/log/0000000001.jsonl`;
    const once = { context: { "s3:if-none-match": "*" } };
    expect(await whoMay("s3:PutObject", object, once)).toEqual(["sweep"]);
    expect(await whoMay("s3:PutObject", object)).toEqual([]);
    const unreadable = {
      "s3:x-amz-server-side-encryption-customer-algorithm": "AES256",
      "s3:x-amz-server-side-encryption": "aws:kms",
      "s3:x-amz-storage-class": "DEEP_ARCHIVE",
    };
    for (const [name, value] of Object.entries(unreadable))
      expect([name, await whoMay("s3:PutObject", object, { context: { ...once.context, [name]: value } })]).toEqual([
        name,
        [],
      ]);
    for (const action of ["DeleteObject", "DeleteObjectVersion", "BypassGovernanceRetention", "UpdateObjectEncryption"])
      expect(await whoMay(`s3:${action}`, object, once)).toEqual([]);
  });
});

/** Whose own roles allow `action`: administrators of the account may do all that no policy denies them. */
async function ourRolesThatMay(action: string, on: string): Promise<string[]> {
  const others = ["deployer", "breakGlass", "administrator"];
  return (await whoMay(action, on)).filter((name) => !others.includes(name));
}

describe("a payment key", () => {
  it.each([
    ["PutResourcePolicy", ["remediation"]],
    ["DeleteResourcePolicy", ["remediation"]],
    ["GetResourcePolicy", ["remediation", "sweep"]],
  ])("has its resource policy changed by remediation alone, and read by the inventory too: %s", async (call, roles) => {
    expect((await ourRolesThatMay(`payment-cryptography:${call}`, keyArn)).sort()).toEqual(roles);
  });

  it.each<readonly [string, readonly string[]]>([
    ["RestoreKey", ["guard", "sweep"]],
    ["StartKeyUsage", ["guard", "sweep", "remediation"]],
    ["GetKey", ["guard", "sweep", "remediation"]],
    ...["TagResource", "UntagResource", "AddKeyReplicationRegions"].map((call) => [call, ["remediation"]] as const),
    ...["DeleteKey", "StopKeyUsage", "ExportKey", "RemoveKeyReplicationRegions"].map((call) => [call, []] as const),
  ])("is touched by these alone: %s by %j", async (call, roles) => {
    expect(await ourRolesThatMay(`payment-cryptography:${call}`, keyArn)).toEqual(roles);
  });
});

describe("what disarms the stack", () => {
  it("is undone by remediation alone, which can disarm nothing itself", async () => {
    expect(await ourRolesThatMay("events:EnableRule", ruleArn)).toEqual(["remediation"]);
    for (const call of ["DisableRule", "PutRule", "DeleteRule", "PutTargets", "RemoveTargets"])
      expect([call, await ourRolesThatMay(`events:${call}`, ruleArn)]).toEqual([call, []]);
    for (const call of ["EnableKey", "CancelKeyDeletion", "DescribeKey"])
      expect([call, await ourRolesThatMay(`kms:${call}`, stackKeyArn)]).toEqual([call, ["remediation"]]);
    for (const call of ["DisableKey", "PutKeyPolicy", "Decrypt"])
      expect([call, await ourRolesThatMay(`kms:${call}`, stackKeyArn)]).toEqual([call, []]);
  });

  it("is undone for the stack's own rules and key, and no others", async () => {
    const as = roleArn("remediation");
    const foreign = `arn:aws:events:${region}:${account}:rule/reprieve-test-delete-key`;
    expect(await may({ as, action: "events:EnableRule", on: foreign })).toBe(false);
    expect(await may({ as, action: "kms:EnableKey", on: `arn:aws:kms:${region}:${account}:key/another` })).toBe(false);
  });
});

describe("the stack's own key", () => {
  const key = `arn:aws:kms:${region}:${account}:key/stack`;

  it.each(["ScheduleKeyDeletion", "DisableKey", "PutKeyPolicy"])(
    "is ended by both administrator roles alone, if the stage names both: %s",
    async (action) => {
      const inMonth = { context: { "kms:ScheduleKeyDeletionPendingWindowInDays": "30" } };
      expect(await whoMay(`kms:${action}`, key, inMonth)).toEqual(["deployer", "breakGlass"]);
      const anyone = ["deployer", "breakGlass", "administrator"];
      expect(await whoMay(`kms:${action}`, key, { ...inMonth, template: open })).toEqual(anyone);
    },
  );

  it("is never deleted before 30 days are over", async () => {
    const inWeek = { context: { "kms:ScheduleKeyDeletionPendingWindowInDays": "7" } };
    for (const template of [closed, open])
      expect(await whoMay("kms:ScheduleKeyDeletion", key, { ...inWeek, template })).toEqual([]);
  });
});

describe("a function of the stack", () => {
  const invoke = "lambda:InvokeFunction";

  it.each(["guard", "votes", "notify", "sweep", "remediation"])(
    "%s is invoked by hand in an emergency alone, if the stage says so",
    async (name) => {
      const byAWS = { context: { "aws:PrincipalIsAWSService": "false" } };
      expect(await whoMay(invoke, functionArn(name), byAWS)).toEqual(["breakGlass"]);
      const schedule = { as: roleArn("schedule"), action: invoke, on: functionArn(name), ...byAWS };
      expect(await may(schedule)).toBe(true);
    },
  );

  it.each([
    ["payment-cryptography:RestoreKey", `arn:aws:payment-cryptography:${region}:${account}:key/x`, "guard"],
    ["dynamodb:UpdateItem", tableArn, "guard"],
    ["secretsmanager:GetSecretValue", secretArn("slack-signing-secret"), "approval"],
    ["sqs:SendMessage", queueArn("votes.fifo"), "approval"],
    ["events:PutEvents", busArn, "votes"],
    ["secretsmanager:GetSecretValue", secretArn("slack-signing-secret"), "votes"],
    ["sqs:SendMessage", queueArn("guard"), "sweep"],
    ["s3:GetObject", `${bucketArn}/log/0000000001.jsonl`, "sweep"],
    ["payment-cryptography:PutResourcePolicy", keyArn, "remediation"],
    ["events:EnableRule", ruleArn, "remediation"],
    ["kms:EnableKey", stackKeyArn, "remediation"],
  ])("alone can use its role: %s on %s as %s", async (action, on, name) => {
    const asking = { as: roleArn(name), action, on };
    const leading = { "dynamodb:LeadingKeys": ["case#x"] };
    expect(await may({ ...asking, context: leading })).toBe(true);
    const foreign = { ...leading, "lambda:SourceFunctionArn": functionArn("stranger") };
    expect(await may({ ...asking, context: foreign })).toBe(false);
  });
});
