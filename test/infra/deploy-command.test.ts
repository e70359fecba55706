import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { root } from "../../scripts/bundle.ts";
import { readStageFile } from "../../scripts/deploy/stage-file.ts";
import { readyAccount, simulated } from "../doubles/account-answers.ts";
import { protectedStack } from "../doubles/cloud.ts";
import { type Answers, startFakeAws } from "../doubles/fake-aws.ts";

const account = "111122223333";
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** A machine whose every AWS setting but the shell's own credentials leads to another account. */
async function machine(answers: Answers, stageText?: string, command = "deploy") {
  const aws = await startFakeAws({ ...readyAccount, ...answers });
  const folder = mkdtempSync(join(tmpdir(), "reprieve-deploy-test-"));
  cleanups.push(aws.stop, () => rmSync(folder, { recursive: true }));
  const wrong = "aws_access_key_id = AKIDWRONG\naws_secret_access_key = wrong\n";
  mkdirSync(join(folder, ".aws"));
  for (const file of ["config", "credentials"])
    writeFileSync(
      join(folder, ".aws", file),
      `[default]\n${wrong}\n[${file === "config" ? "profile " : ""}other]\n${wrong}region = eu-west-1\n`,
    );
  const stageFile = join(folder, "prod.yaml");
  if (stageText !== undefined) writeFileSync(stageFile, stageText);
  writeFileSync(join(folder, ".env"), "AWS_PROFILE=other\n");
  const run = async (args: readonly string[], more: Record<string, string> = {}) =>
    await runCommand([command, "--stage", "prod", "--file", stageFile, "--endpoint-url", aws.url, ...args], {
      PATH: process.env["PATH"] ?? "",
      HOME: folder,
      AWS_ACCESS_KEY_ID: "AKIDRIGHT",
      AWS_SECRET_ACCESS_KEY: "right",
      AWS_REGION: "us-east-1",
      AWS_PROD_PROFILE: "other",
      AWS_DEFAULT_PROFILE: "other",
      AWS_PROD_ACCESS_KEY_ID: "AKIDWRONG",
      AWS_PROD_SECRET_ACCESS_KEY: "wrong",
      AWS_SDK_LOAD_CONFIG: "1",
      REPRIEVE_ALARM_MAIL: "stale@example.com",
      NO_COLOR: "1",
      ...more,
    });
  return { run, calls: aws.calls, stageFile, url: aws.url };
}

async function runCommand(args: readonly string[], env: Record<string, string>) {
  const child = spawn(process.execPath, [resolve(root, "cli/reprieve.ts"), ...args], { env, cwd: root });
  let [output, out] = ["", ""];
  child.stdout.on("data", (text: Buffer) => (out += text.toString()));
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text: Buffer) => (output += text.toString()));
  child.stdin.end();
  const status = await new Promise<number | null>((ended) => child.on("close", ended));
  return { status, output, out };
}

const stage = (over: Record<string, string> = {}) => {
  const fields = {
    stage: "prod",
    places: `[{ account: "${account}", region: us-east-1, profile: none, slackApp: none }]`,
    policy: resolve(root, "policy/policy.yaml"),
    alarmMail: "oncall@example.com",
    noticeMail: "custodians@example.com",
    auditLock: "COMPLIANCE",
    retentionDays: "2555",
    signingKey: "none",
    witness: "none",
    auditKey: "none",
    slack: "none",
    guardCallsPerSecond: "1.5",
    deployerRole: "none",
    breakGlassRole: "none",
    functionPolicies: '"off"',
    permissionsBoundary: "none",
    rolePath: "/",
    tags: "none",
    cloudFormationRole: "none",
    reservedConcurrency: '"on"',
    monitoring: "full",
    ...over,
  };
  return Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join("");
};

describe("npm run deploy", () => {
  it("checks and deploys with the same credentials, whatever else the machine's AWS configuration says", async () => {
    const { run, calls } = await machine({}, stage());
    const { status, output } = await run(["--yes", "--unchecked", "policy"]);
    expect(output).toContain(`account                111122223333 (arn:aws:iam::111122223333:user/alice)`);
    expect(output).toContain("reprieve-prod will be created");
    // Refused by the fake AWS: it was osls that asked.
    expect(output).toContain("no CreateStack");
    expect(output).toContain("the deployment failed (see above); nothing was begun: reprieve-prod does not exist");
    expect(output).not.toContain("    at ");
    expect(status).toBe(1);
    expect(calls.slice(-2).map(({ action }) => action)).toEqual(["CreateStack", "DescribeStacks"]);
    expect(new Set(calls.map(({ accessKey }) => accessKey))).toEqual(new Set(["AKIDRIGHT", "unsigned"]));
    expect(calls.filter(({ accessKey }) => accessKey === "unsigned").map(({ action }) => action)).toEqual(["HEAD S3"]);
  }, 180_000);

  /** As many calls as a check can take: trails that do not help, more keys than it counts, keys of KMS, a boundary, a service role, a session. */
  const more = { TrailARN: "arn:aws:cloudtrail:us-east-1:1:trail/more" };
  const laborious: Answers = {
    GetCallerIdentity: () => ({
      xml: `<Account>${account}</Account><Arn>arn:aws:sts::${account}:assumed-role/deployer/ci</Arn>`,
    }),
    DescribeTrails: () => ({ json: { trailList: [1, 2, 3, 4, 5].map((n) => ({ ...more, Name: `trail-${n}` })) } }),
    GetTrailStatus: () => ({ json: { IsLogging: false } }),
    ListKeys: () => ({ json: { Keys: Array.from({ length: 100 }, () => ({})), NextToken: "more" } }),
    DescribeKey: () => ({
      json: { KeyMetadata: { KeySpec: "ECC_NIST_EDWARDS25519", KeyUsage: "SIGN_VERIFY", KeyState: "Enabled" } },
    }),
  };
  const everything = {
    signingKey: `arn:aws:kms:us-east-1:${account}:key/1234`,
    auditKey: "arn:aws:kms:us-east-1:444455556666:key/5678",
    permissionsBoundary: `arn:aws:iam::${account}:policy/boundary`,
    cloudFormationRole: `arn:aws:iam::${account}:role/cfn`,
  };

  it.each([
    ["", { permissionsBoundary: "none" }, "answers in us-east-1: 400 or more keys"],
    [" with a boundary, which costs it a count of keys", {}, "answers in us-east-1: 100 or more keys"],
    [" with a boundary and no service role", { cloudFormationRole: "none" }, "answers in us-east-1: 100 or more keys"],
  ])(
    "checks a new stack%s in 20 calls at most, and deploys nothing",
    async (_, over, counted) => {
      const { run, calls } = await machine(laborious, stage({ ...everything, ...over }));
      const { status, output } = await run(["--check"]);
      expect(output).toContain(counted);
      expect(output).toContain(
        "is a key of ECC_NIST_EDWARDS25519 for SIGN_VERIFY, and the stack needs SYMMETRIC_DEFAULT",
      );
      expect(status).toBe(1);
      expect(calls.length).toBeLessThanOrEqual(20);
      expect(calls.length).toBeGreaterThan(15);
      expect(calls.filter(({ action }) => /Create|Put|Update|Delete/.test(action))).toEqual([]);
    },
    60_000,
  );

  it("checks an update of a running stack in 20 calls at most, and changes nothing but a change set of its own", async () => {
    const xmlOf = (kind: string, values: Readonly<Record<string, string>>, [key, value]: readonly [string, string]) =>
      `<${kind}>${Object.entries(values)
        .map(([name, text]) => `<member><${key}>${name}</${key}><${value}>${text}</${value}></member>`)
        .join("")}</${kind}>`;
    const { parameters, outputs, tags } = protectedStack;
    const stackXml = [
      "<StackName>reprieve-prod</StackName><StackStatus>UPDATE_COMPLETE</StackStatus>",
      "<CreationTime>2026-11-01T10:00:00Z</CreationTime>",
      xmlOf("Parameters", { ...parameters, RolePath: "/" }, ["ParameterKey", "ParameterValue"]),
      xmlOf("Outputs", outputs, ["OutputKey", "OutputValue"]),
      xmlOf("Tags", tags, ["Key", "Value"]),
    ].join("");
    const change = `<ResourceChange><Action>Modify</Action><LogicalResourceId>GuardRole</LogicalResourceId><ResourceType>AWS::IAM::Role</ResourceType><Replacement>False</Replacement></ResourceChange>`;
    const { run, calls } = await machine(
      {
        ...laborious,
        DescribeStacks: () => ({ xml: `<Stacks><member>${stackXml}</member></Stacks>` }),
        GetTemplate: () => ({ xml: '<TemplateBody>{"Resources":{"AuditBucket":{},"CasesTable":{}}}</TemplateBody>' }),
        CreateChangeSet: () => ({ xml: "<Id>arn:change-set</Id>" }),
        DescribeChangeSet: () => ({
          xml:
            calls.filter(({ action }) => action === "DescribeChangeSet").length === 1
              ? "<Status>CREATE_IN_PROGRESS</Status>"
              : `<Status>CREATE_COMPLETE</Status><Changes><member><Type>Resource</Type>${change}</member></Changes>`,
        }),
        DeleteChangeSet: () => ({ xml: "" }),
        "PUT S3": () => ({ xml: "" }),
        "DELETE S3": () => ({ xml: "" }),
        DescribeKey: ({ body }) => ({
          json: {
            KeyMetadata: body.includes("5678")
              ? { KeySpec: "SYMMETRIC_DEFAULT", KeyUsage: "ENCRYPT_DECRYPT", KeyState: "Enabled" }
              : { KeySpec: "ECC_NIST_EDWARDS25519", KeyUsage: "SIGN_VERIFY", KeyState: "Enabled" },
          },
        }),
        GetTrailStatus: ({ body }) => ({ json: { IsLogging: body.includes("trail-2") } }),
        DescribeTrails: () => ({
          json: {
            trailList: [1, 2, 3].map((n) => ({
              Name: `trail-${n}`,
              TrailARN: `arn:aws:cloudtrail:us-east-1:1:trail/trail-${n}`,
            })),
          },
        }),
      },
      stage({ ...everything, cloudFormationRole: "none", tags: '{ team: "payments" }' }),
    );
    const { output } = await run(["--check", "--unchecked", "second-stage"]);
    expect(output).toContain("reprieve-prod will be changed: 1 resources, as CloudFormation says");
    expect(output).toContain("the running stack would lose protections");
    const actions = calls.map(({ action }) => action);
    expect([actions.join(" "), actions.length <= 20]).toEqual([actions.join(" "), true]);
    expect(actions.filter((action) => /Create|Put|PUT|Update|Delete|DELETE|Execute/.test(action))).toEqual([
      ...["PUT S3", "CreateChangeSet", "DeleteChangeSet", "DELETE S3"],
    ]);
  }, 60_000);

  it("answers with a JSON object a line, and with --check ends with 0 where all is well", async () => {
    const { run, calls } = await machine({}, stage());
    const { status, output } = await run(["--check", "--json"]);
    const objects = output
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { kind: string; subject?: string; verdict?: string; title?: string });
    const [row = ""] = /^\| `deploy`, .*$/m.exec(readFileSync(resolve(root, "docs/command.md"), "utf8")) ?? [];
    const undocumented = objects.flatMap((each) => Object.keys(each)).filter((field) => !row.includes(`\`${field}`));
    expect(undocumented).toEqual([]);
    expect(objects.filter(({ kind }) => kind === "check").length).toBeGreaterThan(10);
    expect(objects.filter(({ verdict }) => verdict === "bad")).toEqual([]);
    expect(objects.at(-1)).toMatchObject({ kind: "changes", title: expect.stringContaining("will be created") });
    expect([status, calls.length]).toEqual([0, 13]);
  }, 60_000);

  it("needs no HOME that can be written: osls has one of its own", async () => {
    const { run } = await machine({}, stage());
    const { status, output } = await run(["--check"], { HOME: "/proc/nowhere", XDG_CONFIG_HOME: "/proc/nowhere" });
    expect(output).toContain("reprieve-prod will be created");
    expect(output).not.toContain("    at ");
    expect(status).toBe(0);
  }, 60_000);

  it("prints the policy of a pipeline for the places that are asked for, and refuses none at all", async () => {
    const places = ["us-east-1", "eu-west-1"].map(
      (region) => `{ account: "${account}", region: ${region}, profile: none, slackApp: none }`,
    );
    const { run } = await machine({}, stage({ places: `[${places.join(", ")}]` }));
    const { status, out } = await run(["--print-ci-policy", "--region", "us-east-1"]);
    expect(status).toBe(0);
    expect(out).toContain("us-east-1:111122223333:table/reprieve-prod-cases");
    expect(out).not.toContain("eu-west-1");
    const none = await run(["--print-ci-policy", "--region", "eu-north-1"]);
    expect(none.status).toBe(2);
    expect(none.output).toContain("names no place in eu-north-1");
  }, 60_000);

  it("names the permissions that are missing, and what grants them", async () => {
    const { run } = await machine(
      { SimulatePrincipalPolicy: (call) => ({ xml: simulated(call, (action) => action !== "kms:CreateKey") }) },
      stage(),
    );
    const { status, output } = await run(["--yes", "--unchecked", "policy"]);
    expect(output).toContain("you may not call kms:CreateKey: `reprieve deploy --stage prod --print-ci-policy`");
    expect(output).toContain("`--unchecked permissions` accepts that");
    expect(status).toBe(1);
  }, 60_000);

  it("refuses an account that the stage's file does not name, and asks it nothing", async () => {
    const { run, calls } = await machine({}, stage());
    const { status, output } = await run(["--yes"], { AWS_PROFILE: "other" });
    expect(status).toBe(1);
    expect(output).toContain("the credentials belong to 999999999999");
    expect(output).toContain("nothing was deployed: the checks failed");
    expect(calls.map(({ action }) => action)).toEqual(["GetCallerIdentity"]);
  }, 60_000);

  it("takes the profile that the stage's file names, and not the credentials of the shell", async () => {
    const places = `[{ account: "${account}", region: us-east-1, profile: other, slackApp: none }]`;
    const { run, calls } = await machine({}, stage({ places }));
    expect((await run(["--yes"])).status).toBe(1);
    expect(calls.map(({ accessKey }) => accessKey)).toEqual(["AKIDWRONG"]);
  }, 60_000);

  it("never takes another provider's credentials for a profile that does not exist", async () => {
    const container = {
      json: { AccessKeyId: "AKIDRIGHT", SecretAccessKey: "right", Token: "t", Expiration: "2126-11-01T10:00:00Z" },
    };
    const places = `[{ account: "${account}", region: us-east-1, profile: nowhere, slackApp: none }]`;
    const { run, calls, url } = await machine({ "GET S3": () => container }, stage({ places }));
    const env = { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "", AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/role` };
    const { status, output } = await run(["--yes"], env);
    expect(output).toContain("no credentials from profile `nowhere` (named by the stage's file)");
    expect([status, calls]).toEqual([1, []]);
  }, 60_000);

  it("refuses a stage without a file, and prints one that is filled from the running stack", async () => {
    const parameters = Object.entries(protectedStack.parameters)
      .map(
        ([key, value]) =>
          `<member><ParameterKey>${key}</ParameterKey><ParameterValue>${value}</ParameterValue></member>`,
      )
      .join("");
    const { run, calls, stageFile } = await machine({
      DescribeStacks: () => ({
        xml: `<Stacks><member><StackName>reprieve-prod</StackName><StackStatus>UPDATE_COMPLETE</StackStatus><CreationTime>2026-11-01T10:00:00Z</CreationTime><Parameters>${parameters}</Parameters></member></Stacks>`,
      }),
    });
    const { status, output, out } = await run(["--yes"]);
    expect(status).toBe(1);
    // The last line: the file fills a screen.
    expect(output.trimEnd().split("\n").at(-1)).toContain(`nothing was deployed: ${stageFile} does not exist`);
    expect(readStageFile(out, stageFile)).toMatchObject({
      ok: true,
      file: { places: [{ account, region: "us-east-1", settings: { auditLock: "COMPLIANCE", retentionDays: 2555 } }] },
    });
    expect(calls.map(({ action }) => action).sort()).toEqual(["DescribeStacks", "GetCallerIdentity"]);
  }, 60_000);

  it.each<[string, string, readonly string[], Record<string, string>, string]>([
    ["a file with mistakes", stage({ retentionDays: "30" }), [], {}, "prod.yaml:7:1 retentionDays: expected"],
    [
      "a file of another stage",
      stage({ stage: "test" }),
      [],
      {},
      "describes the stage `test`, and --stage says `prod`",
    ],
    ["a place that the file does not name", stage(), ["--region", "eu-west-1"], {}, "names no place in eu-west-1"],
    [
      "a profile of the shell that does not exist",
      stage(),
      [],
      { AWS_PROFILE: "nowhere" },
      "no credentials from profile `nowhere` (named by AWS_PROFILE)",
    ],
    [
      "a policy file that does not exist, before it signs in",
      stage({ policy: "gone.yaml" }),
      [],
      { AWS_PROFILE: "nowhere" },
      "gone.yaml: cannot be read",
    ],
  ])(
    "refuses %s before it calls AWS",
    async (_, text, args, env, why) => {
      const { run, calls } = await machine({}, text);
      const { status, output } = await run(["--yes", ...args], env);
      expect(output).toContain(why);
      expect(output).not.toContain("    at ");
      expect([status, calls]).toEqual([1, []]);
    },
    60_000,
  );

  it("refuses to follow AWS_ENDPOINT_URL", async () => {
    const env = { PATH: process.env["PATH"] ?? "", AWS_ENDPOINT_URL_STS: "http://localhost:1", NO_COLOR: "1" };
    const { status, output } = await runCommand(["deploy", "--stage", "example", "--yes"], env);
    expect(output).toContain("AWS_ENDPOINT_URL_STS is set: unset it to call AWS, or name the emulator");
    expect(status).toBe(1);
  }, 60_000);
});

describe("npm run verify-deployment", () => {
  const verifying = async (text?: string, answers: Answers = {}) => await machine(answers, text, "verify-deployment");

  it("fails on a stack that does not exist, and asks with the credentials of the file's account", async () => {
    const { run, calls } = await verifying(stage());
    const { status, output } = await run([]);
    expect(output).toContain("reprieve-prod in account 111122223333, us-east-1");
    expect(output).toContain("stack                  reprieve-prod does not exist in this account and us-east-1");
    expect([status, calls.map(({ action }) => action)]).toEqual([1, ["GetCallerIdentity", "DescribeStacks"]]);
    expect(new Set(calls.map(({ accessKey }) => accessKey))).toEqual(new Set(["AKIDRIGHT"]));
  }, 60_000);

  it("compares the account first, and asks another nothing", async () => {
    const { run, calls } = await verifying(stage());
    const { status, output } = await run([], { AWS_PROFILE: "other" });
    expect(output).toContain("the credentials belong to 999999999999");
    expect([status, calls.map(({ action }) => action)]).toEqual([1, ["GetCallerIdentity"]]);
  }, 60_000);

  it("fails where nothing can be checked, and says what that takes", async () => {
    const deny = () => ({ status: 403, code: "AccessDenied", message: "no" });
    const { run } = await verifying(stage(), { DescribeStacks: deny, DescribeTrails: deny });
    const { status, output } = await run(["--no-canary"]);
    expect(output).toContain(
      "not verified, as these could not be checked: stack (needs cloudformation:DescribeStacks)",
    );
    expect(status).toBe(1);
  }, 60_000);

  it("fails without a stage file, and calls nobody", async () => {
    const { run, calls } = await verifying();
    const { status, output } = await run([]);
    expect(output).toContain("prod.yaml does not exist");
    expect([status, calls]).toEqual([1, []]);
  }, 60_000);

  it("refuses to follow AWS_ENDPOINT_URL", async () => {
    const env = { PATH: process.env["PATH"] ?? "", AWS_ENDPOINT_URL: "http://localhost:1", NO_COLOR: "1" };
    const { status, output } = await runCommand(["verify-deployment", "--stage", "example"], env);
    expect(output).toContain("AWS_ENDPOINT_URL is set: unset it to call AWS");
    expect(status).toBe(1);
  }, 60_000);
});
