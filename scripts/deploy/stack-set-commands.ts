import type { StackSetPlan } from "./stack-set-plan.ts";
import { stackTags } from "./stack-tags.ts";

/** The AWS commands that make and change a stack set, each of one line. */
export interface StackSetCommands {
  /** For each Region: the zips, and in the first one the template. */
  readonly upload: readonly string[];
  readonly create: string;
  readonly deploy: string;
  /** Once every stack exists: protects the tables. */
  readonly protect: string;
  /** For a new release, policy or setting, after an upload. */
  readonly update: string;
}

/** Returns the commands for the plan. `tags` are those of the stage's file. */
export function stackSetCommands(plan: StackSetPlan, tags: Readonly<Record<string, string>>): StackSetCommands {
  const { stage, bucket, units, regions, isDelegated, maxConcurrent, failureTolerance, parameters } = plan;
  const [first = ""] = regions;
  const set = `--stack-set-name reprieve-${stage}${isDelegated ? " --call-as DELEGATED_ADMIN" : ""}`;
  const url = `--template-url https://${bucket}-${first}.s3.${first}.amazonaws.com/reprieve/template.json`;
  const carefully = `--operation-preferences RegionConcurrencyType=SEQUENTIAL,RegionOrder=${regions.join(",")},MaxConcurrentCount=${maxConcurrent},FailureToleranceCount=${failureTolerance}`;
  const permissions = "--permission-model SERVICE_MANAGED --auto-deployment Enabled=false";
  const capabilities = "--capabilities CAPABILITY_NAMED_IAM";
  const given = Object.entries(parameters).map(([name, value]) => `ParameterKey=${name},ParameterValue=${value}`);
  // A parameter that an update does not name goes back to the template's value.
  const kept = Object.keys(parameters).map((name) => `ParameterKey=${name},UsePreviousValue=true`);
  const withProtection = (setting: string, others: readonly string[]) =>
    `--parameters ${[`ParameterKey=TableProtection,${setting}`, ...others].join(" ")}`;
  const tagged = `--tags ${Object.entries(stackTags(tags))
    .map(([name, value]) => `'Key=${name},Value=${value}'`)
    .join(" ")}`;
  const aws = "aws cloudformation";
  const off = withProtection("ParameterValue=off", given);
  return {
    upload: [
      ...regions.map(
        (region) => `aws s3 sync .build/stackset/zips s3://${bucket}-${region}/reprieve/ --region ${region}`,
      ),
      `aws s3 cp .build/stackset/template.json s3://${bucket}-${first}/reprieve/template.json --region ${first}`,
    ],
    create: `${aws} create-stack-set ${set} ${url} ${permissions} ${capabilities} ${off} ${tagged}`,
    deploy: `${aws} create-stack-instances ${set} --regions ${regions.join(" ")} --deployment-targets OrganizationalUnitIds=${units.join(",")} ${carefully}`,
    protect: `${aws} update-stack-set ${set} --use-previous-template ${capabilities} ${withProtection("ParameterValue=on", kept)} ${carefully}`,
    update: `${aws} update-stack-set ${set} ${url} ${capabilities} ${withProtection("UsePreviousValue=true", given)} ${tagged} ${carefully}`,
  };
}
