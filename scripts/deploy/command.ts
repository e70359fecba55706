import { parseArgs } from "node:util";
import { printableText } from "../../lib/domain/printable-text.ts";
import { isRegion, isStage } from "../../lib/domain/stack-place.ts";

export const usage = `usage: npm run deploy -- [--stage STAGE] [--region REGION] [--policy FILE] [--accounts FILE] [--check] [--yes]

Checks everything that can be checked before anything is made, shows what will change, asks, deploys, and says what to do next.

  --stage STAGE    the stage in the names of the stack (default: dev)
  --region REGION  where to (default: AWS_REGION, else us-east-1)
  --policy FILE    the policy to build in (default: policy/policy.yaml)
  --accounts FILE  to several accounts and regions, one after the other until one fails: a line \`PROFILE REGION\` for each
  --check          stop after the checks and the changes
  --yes            do not ask

Parameters, from the environment:

  REPRIEVE_ALARM_MAIL        whom alarms are mailed to; without it nobody is woken
  REPRIEVE_SLACK_TEAM, _APP, _CHANNEL, _ESCALATION
                             ids in Slack; without them people are told by mail and vote by \`reprieve approve|keep\`
  REPRIEVE_AUDIT_LOCK        GOVERNANCE (default) or COMPLIANCE, which nobody can take back
  REPRIEVE_AUDIT_DAYS        how long the audit trail cannot be deleted (default 400, at least 365)
  REPRIEVE_AUDIT_SIGNING_KEY ARN of an asymmetric KMS key that signs checkpoints (default: none)

exit status: 0 deployed (or checked), 1 something is not as it should be, 2 usage.`;

export interface DeployCommand {
  readonly stage: string;
  readonly region: string;
  readonly policyFile: string;
  /** A file that names accounts and regions. */
  readonly accounts?: string;
  readonly checkOnly: boolean;
  readonly yes: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What `args` ask for, or every fault in them and in the parameters, in words. */
export function readDeployCommand(
  args: readonly string[],
  environment: Environment,
): { readonly ok: true; readonly command: DeployCommand } | { readonly ok: false; readonly faults: readonly string[] } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        stage: { type: "string" },
        region: { type: "string" },
        policy: { type: "string" },
        accounts: { type: "string" },
        check: { type: "boolean" },
        yes: { type: "boolean" },
      },
    });
    const { stage = "dev", region = environment["AWS_REGION"] || "us-east-1", policy = "policy/policy.yaml" } = values;
    const faults = [
      ...fault(isStage, stage, "--stage", "lower-case letters, digits and -, up to 20, such as prod"),
      ...fault(isRegion, region, "--region", "a region such as us-east-1"),
      ...parameterFaults(environment, values.accounts !== undefined),
    ];
    if (faults.length > 0) return { ok: false, faults };
    const { check = false, yes = false, accounts } = values;
    const several = accounts !== undefined && { accounts };
    return { ok: true, command: { stage, region, policyFile: policy, checkOnly: check, yes, ...several } };
  } catch (error) {
    return { ok: false, faults: [printableText(error instanceof Error ? error.message : String(error), 300)] };
  }
}

type Test = (value: string) => boolean;
const matches =
  (pattern: RegExp): Test =>
  (value) =>
    pattern.test(value);
const isSlackId = matches(/^[A-Z0-9]{2,24}$/);
const isRetention: Test = (value) => /^[1-9]\d*$/.test(value) && Number(value) >= 365 && Number(value) <= 36_500;

/** With a list of accounts each line may name the Slack app of its own stack. */
function parameterFaults(environment: Environment, several: boolean): string[] {
  const rules: readonly (readonly [string, Test, string])[] = [
    ["REPRIEVE_ALARM_MAIL", matches(/^[^@\s]{1,64}@[^@\s]{1,250}$/), "a mail address"],
    ["REPRIEVE_SLACK_TEAM", isSlackId, "a Slack team id such as T0123456789"],
    ["REPRIEVE_SLACK_APP", isSlackId, "a Slack app id such as A0123456789"],
    ["REPRIEVE_SLACK_CHANNEL", isSlackId, "the id of a Slack channel such as C0123456789"],
    ["REPRIEVE_SLACK_ESCALATION", isSlackId, "the id of a Slack channel or user group"],
    ["REPRIEVE_AUDIT_LOCK", matches(/^(GOVERNANCE|COMPLIANCE)$/), "GOVERNANCE or COMPLIANCE"],
    [
      "REPRIEVE_AUDIT_SIGNING_KEY",
      matches(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/),
      "the ARN of a KMS key",
    ],
    ["REPRIEVE_AUDIT_DAYS", isRetention, "a number of days from 365 to 36500"],
  ];
  const found = rules.flatMap(([name, test, expected]) => {
    const value = environment[name];
    return value === undefined || value === "" || value === "none" ? [] : fault(test, value, name, expected);
  });
  const parts = several ? ["TEAM", "CHANNEL"] : ["TEAM", "APP", "CHANNEL"];
  const given = parts.filter((part) => environment[`REPRIEVE_SLACK_${part}`]);
  const half = given.length > 0 && given.length < parts.length;
  return [...found, ...(half ? ["REPRIEVE_SLACK_TEAM, _APP and _CHANNEL: all three, or none"] : [])];
}

function fault(test: Test, value: string, name: string, expected: string): string[] {
  return test(value) ? [] : [`${name}: expected ${expected}, found \`${printableText(value, 60)}\``];
}
