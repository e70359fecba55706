import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import validate from "@aws/cloudformation-validate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CliContext } from "../../cli/context.ts";
import { run } from "../../cli/run.ts";
import { settingNames } from "../../functions/shared/settings.ts";
import { filesIn } from "../../lib/release/zip.ts";
import { policyHashOf, readPolicyFile, root } from "../../scripts/bundle.ts";
import { makeReleasedStack } from "../../scripts/release/released-stack.ts";
import { packaged } from "../doubles/packaged.ts";

const folder = mkdtempSync(join(tmpdir(), "reprieve-released-"));
const [released, out] = [join(folder, "stack"), join(folder, "out")];
const policyFile = resolve(root, "policy/policy.yaml");

beforeAll(async () => {
  await makeReleasedStack(released, join(folder, "work"));
  const context = { version: "0.1.0", colours: false, releaseFolder: released, print: () => {}, printError: () => {} };
  const args = ["package", "--policy", policyFile, "--stage", "prod", "--out", out];
  expect(await run(args, context as unknown as CliContext)).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What the guard in a zip prints when it starts, as a fresh process. */
function startOf(zip: string): string {
  const task = mkdtempSync(join(folder, "task-"));
  mkdirSync(task, { recursive: true });
  for (const [file, content] of Object.entries(filesIn(readFileSync(zip)))) writeFileSync(join(task, file), content);
  const code = `await import(${JSON.stringify(join(task, "index.mjs"))}).catch((error) => console.error(error.message))`;
  const settings = Object.fromEntries(settingNames("guard").map((name) => [name, "1"]));
  const env = { ...settings, ACCOUNT_ID: "111122223333", AWS_REGION: "us-east-1", STAGE: "prod" };
  const urls = { GUARD_QUEUE_URL: "https://sqs.example.com/g", DEAD_LETTER_QUEUE_URL: "https://sqs.example.com/d" };
  const args = ["--input-type=module", "--eval", code];
  return spawnSync(process.execPath, args, { env: { ...env, ...urls }, encoding: "utf8" }).stderr;
}

describe("a released stack", () => {
  it("has functions that do not start before a policy is put in", () => {
    expect(startOf(join(released, "guard.zip"))).toContain("the bundle holds no policy");
    const [zip = ""] = readdirSync(out).filter((name) => name.startsWith("guard-"));
    expect(startOf(join(out, zip))).toBe("");
  });

  it("becomes the template that the checkout packages, but for where the code lies", async () => {
    const { templateFile } = await packaged("prod");
    const ofCheckout = JSON.parse(readFileSync(templateFile, "utf8"));
    const ofRelease = JSON.parse(readFileSync(join(out, "template.json"), "utf8"));
    const policy = readPolicyFile(policyFile);
    expect(ofRelease.Outputs.PolicyHash.Value).toBe(policyHashOf(policy));
    const { CodeBucket: _bucket, ...parameters } = ofRelease.Parameters;
    expect(parameters).toEqual(ofCheckout.Parameters);
    const { ServerlessDeploymentBucketName: _name, ...outputs } = ofCheckout.Outputs;
    expect(ofRelease.Outputs).toEqual(outputs);
    const withoutCode = (resources: Record<string, { Properties?: { Code?: unknown } }>) =>
      Object.fromEntries(
        Object.entries(resources)
          .filter(([id]) => !id.startsWith("ServerlessDeploymentBucket"))
          .map(([id, resource]) => {
            const { Code: _code, ...properties } = resource.Properties ?? {};
            return [id, { ...resource, Properties: properties }];
          }),
      );
    expect(withoutCode(ofRelease.Resources)).toEqual(withoutCode(ofCheckout.Resources));
  });

  it("is sound for cloudformation-validate: no finding beyond those of the stack's own template", async () => {
    const { templateFile } = await packaged("prod");
    const engine = new validate.RegoEngine();
    const findingsOf = (template: string) =>
      new Set(engine.validateStandard(new validate.TemplateFile(template)).diagnostics.map(({ ruleId }) => ruleId));
    const [own, before] = [findingsOf(join(out, "template.json")), findingsOf(templateFile)];
    engine.free();
    expect([...own].filter((id) => !before.has(id))).toEqual([]);
  });
});
