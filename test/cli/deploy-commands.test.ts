import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { CliContext } from "../../cli/context.ts";
import type { DeploymentTools } from "../../cli/deploy/deployment-tools.ts";
import { run } from "../../cli/run.ts";
import { InputError } from "../../cli/shell/input-error.ts";
import { accountsText, placeOf, ranAt } from "../doubles/places.ts";

/** Runs the command on a machine whose tools note what they are asked, and answer `ends`. */
async function ran(
  args: readonly string[],
  { ends = true, over = {} }: { ends?: boolean; over?: Partial<CliContext> } = {},
) {
  const asked: unknown[] = [];
  const printed: string[] = [];
  const noting = (name: string) => async (options: unknown) => {
    asked.push([name, options]);
    return ends;
  };
  const tools: DeploymentTools = {
    ...{ deploy: noting("deploy"), initialize: noting("init"), verify: noting("verify") },
    verifyPlace: noting("verify-place"),
    ...{ makeStackSet: noting("stackset"), packageFromSource: noting("package") },
    printCiPolicy: (options) => {
      asked.push(["policy", options]);
      return ends;
    },
    slackManifest: (endpoint) => `manifest of ${endpoint}\n`,
  };
  const context: Partial<CliContext> = {
    ...{ version: "0.1.0", region: "us-east-1", colours: false, endpoint: undefined },
    deploymentTools: async () => tools,
    print: (line) => void printed.push(line),
    printError: (line) => void printed.push(line),
    ...over,
  };
  const status = await run(args, context as CliContext);
  return { status, asked, text: printed.join("\n") };
}

const flags = ["--stage", "prod", "--account", "111122223333", "--json"];
const named = { stage: "prod", account: "111122223333", json: true };

describe("the deployment commands", () => {
  it.each<[readonly string[], unknown]>([
    [
      ["deploy", ...flags, "--check", "--weaken", "mode"],
      ["deploy", { ...named, check: true, weaken: "mode" }],
    ],
    [
      ["deploy", ...flags, "--yes", "--unchecked", "trail"],
      ["deploy", { ...named, yes: true, unchecked: "trail" }],
    ],
    [
      ["deploy", "--stage", "prod", "--print-ci-policy"],
      ["policy", { stage: "prod", printCiPolicy: true }],
    ],
    [
      ["deploy", "init", "--stage", "prod", "--alarm-mail", "none", "--region", "eu-west-1"],
      ["init", { stage: "prod", alarmMail: "none", region: "eu-west-1" }],
    ],
    [
      ["verify-deployment", ...flags],
      ["verify", { ...named, canary: true }],
    ],
    [
      ["verify-deployment", ...flags, "--no-canary"],
      ["verify", { ...named, canary: false }],
    ],
    [
      [
        ...["stackset", "--stage", "prod", "--bucket", "acme", "--units", "r-ab12", "--regions", "us-east-1"],
        ...["--delegated-admin", "--parameter", "AlarmMail=a@b.example", "--parameter", "Monitoring=slim"],
      ],
      [
        "stackset",
        {
          ...{ stage: "prod", bucket: "acme", units: "r-ab12", regions: "us-east-1", delegatedAdmin: true },
          ...{ maxConcurrent: "1", failureTolerance: "0", parameter: ["AlarmMail=a@b.example", "Monitoring=slim"] },
        },
      ],
    ],
  ])("take one style of options: %j", async (args, expected) => {
    const { status, asked } = await ran(args);
    expect([status, asked]).toEqual([0, [expected]]);
  });

  it("verify each place of an accounts file, as who the file says, and never by the stage's own profile", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "reprieve-verify-")), "accounts.json");
    writeFileSync(file, accountsText([placeOf(1), placeOf(2, { stage: "test", region: "eu-west-1" })]));
    const noted: unknown[] = [];
    const verifyPlace: DeploymentTools["verifyPlace"] = async ({ canary }, { access, print, ...at }) => {
      noted.push([canary, at.account, at.region, at.stage, access.account]);
      print("{}");
      return at.stage === "prod";
    };
    const deploymentTools = async () => ({ verifyPlace }) as Partial<DeploymentTools> as DeploymentTools;
    const args = ["verify-deployment", "--accounts", file, "--no-canary", "--json"];
    const { status, out } = await ranAt(args, { deploymentTools });
    expect([status, noted]).toEqual([
      1,
      [
        [false, "100000000001", "us-east-1", "prod", "100000000001"],
        [false, "100000000002", "eu-west-1", "test", "100000000002"],
      ],
    ]);
    expect(out.map((line) => JSON.parse(line))).toMatchObject([
      { ok: true, status: 0, result: [{}] },
      { ok: true, status: 1, result: [{}] },
    ]);
    for (const option of [
      ["--stage", "prod"],
      ["--account", "100000000001"],
    ])
      expect((await ranAt([...args, ...option], { deploymentTools })).status).toBe(2);
    expect(noted).toHaveLength(2);
  });

  it("package the sources of a checkout with the same command", async () => {
    const { asked } = await ran(["package", "--from-source", "--stage", "test"]);
    expect(asked).toMatchObject([["package", { stage: "test", policy: "policy/policy.yaml" }]]);
  });

  it.each(["deploy", "verify-deployment"])("end with 1 where %s finds something", async (command) => {
    expect((await ran([command], { ends: false })).status).toBe(1);
  });

  it("take the stage of the config file where none is named", async () => {
    const { asked } = await ran(["deploy", "--check"], { over: { stage: "test" } });
    expect(asked).toEqual([["deploy", { stage: "test", check: true }]]);
  });

  it.each<[readonly string[], string]>([
    [["deploy", "init"], "--stage <stage>"],
    [["stackset"], "--bucket <prefix>"],
    [["stackset", "--bucket", "acme", "--units", "r-ab12"], "--regions <regions>"],
    [["deploy", "--everything"], "--everything"],
    [["slack", "manifest", "--endpoint", "http://abc.example"], "expected the https URL"],
  ])("refuse %j with exit status 2, and do nothing", async (args, text) => {
    const { status, asked, text: answer } = await ran(args);
    expect([status, asked]).toEqual([2, []]);
    expect(answer).toContain(text);
  });

  it("print the Slack manifest, as text or as an object", async () => {
    const endpoint = "https://abc.execute-api.eu-west-1.amazonaws.com";
    expect((await ran(["slack", "manifest", "--endpoint", endpoint])).text).toBe(`manifest of ${endpoint}`);
    const { text } = await ran(["slack", "manifest", "--endpoint", endpoint, "--json"]);
    expect(JSON.parse(text)).toEqual({ endpoint, manifest: `manifest of ${endpoint}\n` });
  });

  it("say what to do without a checkout, and with exit status 2", async () => {
    const deploymentTools = async () => await Promise.reject(new InputError("this needs a checkout"));
    const { status, text } = await ran(["deploy", "--check"], { over: { deploymentTools } });
    expect([status, text]).toEqual([2, "✗ this needs a checkout"]);
  });

  it("describe themselves in one help", async () => {
    const { text } = await ran(["--help"]);
    for (const command of ["deploy", "verify-deployment", "stackset", "slack", "package"])
      expect(text).toMatch(new RegExp(`^  ${command} `, "m"));
    const deploy = (await ran(["deploy", "--help"])).text;
    for (const part of ["--print-ci-policy", "--weaken", "init", "exit status:"]) expect(deploy).toContain(part);
  });
});
