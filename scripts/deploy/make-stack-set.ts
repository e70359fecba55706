import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import pc from "picocolors";
import type { StackSetOptions } from "../../cli/deploy/deployment-tools.ts";
import { UsageError } from "../../cli/shell/input-error.ts";
import { stackSetTemplate } from "../../lib/release/stack-set-template.ts";
import { functionNames, root } from "../bundle.ts";
import { packageStack } from "../package.ts";
import { policyFaults } from "./at-places.ts";
import { loadStage, stageFileOf } from "./load-stage.ts";
import { parameterNames } from "./settings.ts";
import { printing } from "./shown.ts";
import { type StackSetCommands, stackSetCommands } from "./stack-set-commands.ts";
import { parameterFaults, readStackSetOptions, type StackSetPlan } from "./stack-set-plan.ts";
import type { StageFile } from "./stage-file.ts";

const outDir = resolve(root, ".build/stackset");

/** Makes `.build/stackset` from the stage's file. Returns false, with every fault printed, for a file or a policy with mistakes. Throws a UsageError. */
export async function makeStackSet(options: StackSetOptions): Promise<boolean> {
  const read = readStackSetOptions(options);
  if (!read.ok) throw new UsageError(read.faults.join("\n"));
  const { stage, bucket } = read.plan;
  const show = printing(options.json === true);
  const loaded = loadStage(stage, stageFileOf(stage, options.file));
  const faults = loaded.ok ? [...policyFaults(loaded.file.policyFile), ...memberFaults(loaded.file)] : loaded.faults;
  for (const text of faults) show({ kind: "error", text });
  if (!loaded.ok || faults.length > 0) return false;
  rmSync(outDir, { recursive: true, force: true });
  mkdirSync(resolve(outDir, "zips"), { recursive: true });
  const made = await make(loaded.file, bucket);
  const unknown = parameterFaults(read.plan, readFileSync(resolve(root, made.template), "utf8"));
  if (unknown.length > 0) throw new UsageError(unknown.join("\n"));
  const commands = stackSetCommands(read.plan, loaded.file.settings.tags);
  if (options.json) console.log(JSON.stringify({ stage, bucket, ...made, commands }));
  else console.log(nextStepsText(made, commands, read.plan));
  return true;
}

/** StackSets act in each account as a role of their own, and a setting that names one account is wrong in all others. */
function memberFaults({ settings }: StageFile): readonly string[] {
  const { cloudFormationRole, permissionsBoundary, deployerRole, breakGlassRole } = settings;
  const ofOneAccount = Object.entries({ permissionsBoundary, deployerRole, breakGlassRole }).filter(
    ([, arn]) => arn !== "none" && !arn.includes("::aws:"),
  );
  return [
    ...(cloudFormationRole === "none"
      ? []
      : ["cloudFormationRole: expected none, as StackSets act as a role of their own"]),
    ...ofOneAccount.map(
      ([name]) =>
        `${name}: expected none, as each account has its own: set it with --parameter-overrides (${parameterNames[name as "deployerRole"]})`,
    ),
  ];
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

function nextStepsText({ template, bytes, zips }: Made, commands: StackSetCommands, plan: StackSetPlan): string {
  const { stage, bucket, regions, isDelegated } = plan;
  const account = isDelegated ? "of the delegated administrator" : "of the organization's management account";
  return `${pc.green("✓")} ${template}, ${(bytes / 1000).toFixed(0)} KB, and ${zips.length} zips

What to do next, with credentials ${account}:
  1. Buckets that the organization may read (docs/deployment.md has their policy): ${regions.map((each) => `${bucket}-${each}`).join(", ")}. Then
${commands.upload.map((each) => `       ${each}`).join("\n")}
  2. ${commands.create}
  3. ${commands.deploy}
  4. A Slack app of its own for each stack: give its id to create-stack-instances, or update-stack-instances, with
       --parameter-overrides ParameterKey=SlackApp,ParameterValue=A0...
     and so PermissionsBoundary, DeployerRole and BreakGlassRole, which name one account.
  5. Once every stack exists:
     ${commands.protect}
     From now on nobody deletes a table by accident. While a stack is created, the protection would keep CloudFormation from undoing a failure.
  6. In each place: reprieve verify-deployment --stage ${stage}
For a new release, policy or setting: make it again, upload, and
     ${commands.update}`;
}
