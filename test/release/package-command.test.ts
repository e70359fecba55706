import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { CliContext } from "../../cli/context.ts";
import { run } from "../../cli/run.ts";
import { sha256Hex } from "../../lib/domain/ledger/canonical-json.ts";
import { checksumsText, readChecksums, sha256Of } from "../../lib/release/checksums.ts";
import { placeholders, releasedTemplate } from "../../lib/release/released-template.ts";
import { filesIn, zipOf } from "../../lib/release/zip.ts";

const folder = mkdtempSync(join(tmpdir(), "reprieve-package-command-"));
afterAll(() => rmSync(folder, { recursive: true }));

const names = ["approval", "guard", "notify", "remediation", "sweep", "votes"];
const functionOf = (name: string) => ({
  Type: "AWS::Lambda::Function",
  Properties: {
    FunctionName: `reprieve-${placeholders.stage}-${name}`,
    Code: { S3Bucket: { Ref: "ServerlessDeploymentBucket" }, S3Key: `serverless/x/${name}.zip` },
  },
});
const packagedTemplate = {
  Parameters: { AlarmMail: { Type: "String" } },
  Resources: {
    ServerlessDeploymentBucket: { Type: "AWS::S3::Bucket" },
    ...Object.fromEntries(names.map((name) => [name, functionOf(name)])),
  },
  Outputs: {
    ServerlessDeploymentBucketName: { Value: "x" },
    PolicyMode: { Value: placeholders.policyMode },
    PolicyHash: { Value: placeholders.policyHash },
  },
};

let made = 0;
/** A released stack in small: its zips hold one file each. */
function release(): string {
  made += 1;
  const dir = join(folder, `release-${made}`);
  mkdirSync(dir);
  const zips = names.map((name) => [`${name}.zip`, zipOf({ "index.mjs": Buffer.from(`// ${name}`) })] as const);
  const template = releasedTemplate(
    JSON.stringify(packagedTemplate),
    names.map((name) => `${name}.zip`),
  );
  const files = { ...Object.fromEntries(zips), "template.json": template };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(dir, name), content);
  writeFileSync(join(dir, "SHA256SUMS"), checksumsText(files));
  return dir;
}

function policy(text = "version: 1\nmode: enforce\ndefault: restore\nrules: []\n"): string {
  made += 1;
  const file = join(folder, `policy-${made}.yaml`);
  writeFileSync(file, text);
  return file;
}

async function packaging(releaseFolder: string, ...args: readonly string[]) {
  made += 1;
  const out = join(folder, `out-${made}`);
  const printed: string[] = [];
  const complained: string[] = [];
  const context: Partial<CliContext> = {
    ...{ version: "0.1.0", region: "us-east-1", colours: false, releaseFolder },
    print: (line) => void printed.push(line),
    printError: (line) => void complained.push(line),
  };
  const into = args.includes("--out") ? [] : ["--out", out];
  const status = await run(["package", ...into, ...args], context as CliContext);
  return { status, out, printed: printed.join("\n"), err: complained.join("\n") };
}

describe("reprieve package", () => {
  it("puts the policy into every zip, beside the code as it was released", async () => {
    const { status, out } = await packaging(release(), "--policy", policy(), "--stage", "prod");
    expect(status).toBe(0);
    const zips = readdirSync(out).filter((name) => name.endsWith(".zip"));
    expect(zips.map((name) => name.replace(/-[0-9a-f]{16}\.zip$/, ""))).toEqual(names);
    for (const zip of zips) {
      const bytes = readFileSync(join(out, zip));
      expect(zip).toContain(sha256Of(bytes).slice(0, 16));
      const files = filesIn(bytes);
      const text = (name: string) => Buffer.from(files[name] ?? []).toString("utf8");
      expect(Object.keys(files)).toEqual(["index.mjs", "policy.json", "policy.sha256"]);
      expect(text("index.mjs")).toBe(`// ${zip.split("-")[0]}`);
      expect(JSON.parse(text("policy.json"))).toMatchObject({ version: 1, mode: "enforce", rules: [] });
      expect(text("policy.sha256")).toBe(`${sha256Hex(text("policy.json"))}  policy.json\n`);
    }
  });

  it("makes a template for the stage that names each zip and states the policy", async () => {
    const { out, printed } = await packaging(release(), "--policy", policy(), "--stage", "prod", "--json");
    const { policyHash, mode, stage } = JSON.parse(printed);
    expect([mode, stage]).toEqual(["enforce", "prod"]);
    const text = readFileSync(join(out, "template.json"), "utf8");
    for (const placeholder of Object.values(placeholders)) expect(text).not.toContain(placeholder);
    const { Resources, Outputs, Parameters } = JSON.parse(text);
    expect(Outputs).toEqual({ PolicyMode: { Value: "enforce" }, PolicyHash: { Value: policyHash } });
    expect(Object.keys(Parameters)).toEqual(["CodeBucket", "AlarmMail"]);
    const zips = readdirSync(out).filter((name) => name.endsWith(".zip"));
    expect(names.map((name) => Resources[name].Properties.Code)).toEqual(
      zips.map((zip) => ({ S3Bucket: { Ref: "CodeBucket" }, S3Key: `reprieve/${zip}` })),
    );
    expect(Resources.guard.Properties.FunctionName).toBe("reprieve-prod-guard");
  });

  it("states checksums that hold", async () => {
    const { out } = await packaging(release(), "--policy", policy());
    const sums = readChecksums(readFileSync(join(out, "SHA256SUMS"), "utf8"));
    expect([...sums.keys()]).toEqual(readdirSync(out).filter((name) => name !== "SHA256SUMS"));
    for (const [name, sum] of sums) expect(sha256Of(readFileSync(join(out, name)))).toBe(sum);
  });

  it("warns of a policy that only observes", async () => {
    const observing = policy("version: 1\nmode: observe\ndefault: restore\nrules: []\n");
    const { status, printed } = await packaging(release(), "--policy", observing);
    expect([status, printed]).toEqual([0, expect.stringContaining("deleted keys are NOT restored")]);
  });

  it("makes nothing of a policy with errors, and names each with its place", async () => {
    const bad = policy("version: 1\nmode: enforce\ndefault: allow\nrules: []\n");
    const { status, out, err } = await packaging(release(), "--policy", bad);
    expect([status, existsSync(out), err]).toEqual([1, false, expect.stringContaining(`${bad}:3:1 default`)]);
  });

  it.each<[string, (dir: string) => void]>([
    ["was changed", (dir) => writeFileSync(join(dir, "guard.zip"), "PK changed")],
    ["has no checksum", (dir) => writeFileSync(join(dir, "SHA256SUMS"), "")],
    ["is missing", (dir) => rmSync(join(dir, "votes.zip"))],
    ["has a changed template", (dir) => writeFileSync(join(dir, "template.json"), "{}")],
  ])("refuses a release of which a file %s", async (_, change) => {
    const dir = release();
    change(dir);
    expect(await packaging(dir, "--policy", policy())).toMatchObject({ status: 2, err: expect.stringContaining(dir) });
  });

  it("refuses a folder that exists, a malformed stage, and a folder without a release", async () => {
    expect((await packaging(release(), "--policy", policy(), "--out", folder)).err).toContain("already exists");
    expect((await packaging(release(), "--policy", policy(), "--stage", "Prod")).err).toContain("expected a stage");
    const { status, err } = await packaging(join(folder, "none"), "--policy", policy());
    expect([status, err]).toEqual([2, expect.stringContaining("--release DIR")]);
  });
});
