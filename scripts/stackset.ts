import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import pc from "picocolors";
import { isStage } from "../lib/domain/stack-place.ts";
import { stackSetTemplate } from "../lib/release/stack-set-template.ts";
import { functionNames, PolicyFileError, root } from "./bundle.ts";
import { loadStage, stageFileOf } from "./deploy/load-stage.ts";
import type { StageFile } from "./deploy/stage-file.ts";
import { optionsOrUsage } from "./options.ts";
import { packageStack } from "./package.ts";

const usage = `usage: npm run stackset -- --bucket PREFIX [--stage STAGE] [--file FILE]

Makes .build/stackset: a template for CloudFormation StackSets, and the functions' zips under the names that it takes them by, out of the
bucket PREFIX-<region> of each region. Prints the commands that are left to do. Needs neither credentials nor network.

  --bucket PREFIX  first part of the buckets' names; every account of the stack set has to be allowed to read them
  --stage STAGE    the stage in the names of the stack (default: dev)
  --file FILE      settings and policy of the stage (default: deploy/STAGE.yaml); its places are not used`;

const { bucket, stage, stageFile } = optionsOrUsage(usage, readOptions);
const outDir = resolve(root, ".build/stackset");
rmSync(outDir, { recursive: true, force: true });
mkdirSync(resolve(outDir, "zips"), { recursive: true });
try {
  const described = loadStage(stage, stageFile);
  if (described.ok) {
    await make(described.file);
  } else {
    for (const fault of described.faults) console.error(`${pc.red("✗")} ${fault}`);
    process.exitCode = 1;
  }
} catch (error) {
  if (!(error instanceof PolicyFileError)) throw error;
  console.error(`${pc.red("✗")} the policy cannot be built in:\n${error.message}`);
  process.exitCode = 1;
}

function readOptions(): { bucket: string; stage: string; stageFile: string } | undefined {
  const options = { bucket: { type: "string" }, stage: { type: "string" }, file: { type: "string" } } as const;
  const { bucket: prefix = "", stage: named = "dev", file } = parseArgs({ options }).values;
  // With the longest name of a region it has to fit into the 63 characters of a bucket's name.
  if (!/^[a-z0-9][a-z0-9-]{2,45}$/.test(prefix) || !isStage(named)) return undefined;
  return { bucket: prefix, stage: named, stageFile: stageFileOf(named, file) };
}

async function make({ policyFile, settings }: StageFile): Promise<void> {
  const packageDir = resolve(outDir, "package");
  const { templateFile } = await packageStack({ policyFile, stage, settings, outDir: packageDir });
  // Named by their content: the same code has the same name, and new code is a change that CloudFormation sees.
  const keys = new Map(
    functionNames.map((name) => {
      const zip = resolve(packageDir, `${name}.zip`);
      const key = `reprieve/${name}-${createHash("sha256").update(readFileSync(zip)).digest("hex").slice(0, 16)}.zip`;
      copyFileSync(zip, resolve(outDir, "zips", key.replace("reprieve/", "")));
      return [`${name}.zip`, key];
    }),
  );
  const template = stackSetTemplate(readFileSync(templateFile, "utf8"), bucket, keys);
  const file = resolve(outDir, "template.json");
  writeFileSync(file, template);
  rmSync(packageDir, { recursive: true });
  console.log(`${pc.green("✓")} ${relative(root, file)}, ${(Buffer.byteLength(template) / 1000).toFixed(0)} KB, and ${keys.size} zips

What to do next, with the credentials of the stack sets' administrator:
  1. For each region a bucket ${bucket}-<region> that the organization may read (docs/deployment.md has its policy), then
       aws s3 sync .build/stackset/zips s3://${bucket}-us-east-1/reprieve/ --region us-east-1
       aws s3 cp .build/stackset/template.json s3://${bucket}-us-east-1/reprieve/template.json --region us-east-1
  2. aws cloudformation create-stack-set --stack-set-name reprieve-${stage} --capabilities CAPABILITY_NAMED_IAM \\
       --template-url https://${bucket}-us-east-1.s3.us-east-1.amazonaws.com/reprieve/template.json \\
       --permission-model SERVICE_MANAGED --auto-deployment Enabled=false
  3. aws cloudformation create-stack-instances --stack-set-name reprieve-${stage} --regions us-east-1 eu-west-1 \\
       --deployment-targets OrganizationalUnitIds=ou-... --operation-preferences MaxConcurrentCount=1,FailureToleranceCount=0
  4. A Slack app of its own for each stack: give its id with --parameter-overrides ParameterKey=SlackApp,ParameterValue=A0...
  5. In each place: npm run verify-deployment -- --stage ${stage}`);
}
