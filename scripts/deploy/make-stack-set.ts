import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import pc from "picocolors";
import type { StackSetOptions } from "../../cli/deploy/deployment-tools.ts";
import { UsageError } from "../../cli/shell/input-error.ts";
import { isStage } from "../../lib/domain/stack-place.ts";
import { stackSetTemplate } from "../../lib/release/stack-set-template.ts";
import { functionNames, root } from "../bundle.ts";
import { packageStack } from "../package.ts";
import { policyFaults } from "./at-places.ts";
import { loadStage, stageFileOf } from "./load-stage.ts";
import { printing } from "./shown.ts";
import type { StageFile } from "./stage-file.ts";

const outDir = resolve(root, ".build/stackset");

/** Makes `.build/stackset` from the stage's file. Returns false, with every fault printed, for a file or a policy with mistakes. Throws a UsageError. */
export async function makeStackSet({ bucket, stage = "dev", file, json }: StackSetOptions): Promise<boolean> {
  // With the longest name of a region it has to fit into the 63 characters of a bucket's name.
  if (!/^[a-z0-9][a-z0-9-]{2,45}$/.test(bucket))
    throw new UsageError("--bucket: expected lower-case letters, digits and -, from 3 to 46, such as acme-reprieve");
  if (!isStage(stage)) throw new UsageError("--stage: expected a stage such as prod");
  const show = printing(json === true);
  const loaded = loadStage(stage, stageFileOf(stage, file));
  const faults = loaded.ok ? policyFaults(loaded.file.policyFile) : loaded.faults;
  for (const text of faults) show({ kind: "error", text });
  if (!loaded.ok || faults.length > 0) return false;
  rmSync(outDir, { recursive: true, force: true });
  mkdirSync(resolve(outDir, "zips"), { recursive: true });
  const made = await make(loaded.file, bucket);
  if (json) console.log(JSON.stringify({ stage, bucket, ...made }));
  else console.log(nextStepsText(made, bucket, stage));
  return true;
}

interface Made {
  readonly template: string;
  readonly bytes: number;
  readonly zips: readonly string[];
}

async function make({ stage, policyFile, settings }: StageFile, bucket: string): Promise<Made> {
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
  return { template: relative(root, file), bytes: Buffer.byteLength(template), zips: [...keys.values()] };
}

function nextStepsText({ template, bytes, zips }: Made, bucket: string, stage: string): string {
  return `${pc.green("✓")} ${template}, ${(bytes / 1000).toFixed(0)} KB, and ${zips.length} zips

What to do next, with the credentials of the stack sets' administrator:
  1. For each region a bucket ${bucket}-<region> that the organization may read (docs/deployment.md has its policy), then
       aws s3 sync .build/stackset/zips s3://${bucket}-us-east-1/reprieve/ --region us-east-1
       aws s3 cp .build/stackset/template.json s3://${bucket}-us-east-1/reprieve/template.json --region us-east-1
  2. aws cloudformation create-stack-set --stack-set-name reprieve-${stage} --capabilities CAPABILITY_NAMED_IAM \\
       --template-url https://${bucket}-us-east-1.s3.us-east-1.amazonaws.com/reprieve/template.json \\
       --permission-model SERVICE_MANAGED --auto-deployment Enabled=false \\
       --parameters ParameterKey=TableProtection,ParameterValue=off
  3. aws cloudformation create-stack-instances --stack-set-name reprieve-${stage} --regions us-east-1 eu-west-1 \\
       --deployment-targets OrganizationalUnitIds=ou-... --operation-preferences MaxConcurrentCount=1,FailureToleranceCount=0
  4. A Slack app of its own for each stack: give its id with --parameter-overrides ParameterKey=SlackApp,ParameterValue=A0...
  5. Once every stack exists: aws cloudformation update-stack-set --stack-set-name reprieve-${stage} --use-previous-template \\
       --capabilities CAPABILITY_NAMED_IAM --parameters ParameterKey=TableProtection,ParameterValue=on
     From now on nobody deletes a table by accident. While a stack is created, the protection would keep CloudFormation from undoing a failure.
  6. In each place: reprieve verify-deployment --stage ${stage}`;
}
