import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { CliContext } from "../../../cli/context.ts";
import { run as runCommand } from "../../../cli/run.ts";
import { root } from "../../../scripts/bundle.ts";
import { makeReleasedStack } from "../../../scripts/release/released-stack.ts";
import type { Outcome, Part } from "../part.ts";
import { cdkChecks, cdkVersion } from "./cdk.ts";
import { cliVersions, stackSetChecks } from "./stack-set.ts";
import { hclVersion, terraformChecks } from "./terraform.ts";

/** Reads the examples of docs/infrastructure-as-code.md as Terraform's, the CDK's and the AWS CLI's own software does. */
export const iac: Part = {
  name: "iac",
  software: `python-hcl2 ${hclVersion}, aws-cdk-lib ${cdkVersion}, AWS CLI ${cliVersions.awscli}`,
  run,
};

async function run(): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), "reprieve-iac-"));
  try {
    const template = await packagedRelease(folder);
    const checks = [
      ...(await terraformChecks(folder, template)),
      ...(await cdkChecks(folder, template)),
      ...(await stackSetChecks()),
    ];
    return { checks, deviations: [] };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Makes a release, puts the sample policy in, and returns the text of its template, which lies in `prod`, as the examples expect it. */
async function packagedRelease(folder: string): Promise<string> {
  const released = join(folder, "release");
  mkdirSync(join(folder, "work"));
  await makeReleasedStack(released, join(folder, "work"));
  const silent = { version: "0", colours: false, releaseFolder: released, print: () => {}, printError: console.error };
  const policy = resolve(root, "policy/policy.yaml");
  const args = ["package", "--policy", policy, "--stage", "prod", "--out", join(folder, "prod")];
  const status = await runCommand(args, silent as unknown as CliContext);
  if (status !== 0) throw new Error(`reprieve package ended with ${status}`);
  return readFileSync(join(folder, "prod/template.json"), "utf8");
}
