import { healthFindings } from "../../cli/health/health-findings.ts";
import type { StackHealth } from "../../cli/health/stack-health.ts";
import { printableText } from "../../lib/domain/printable-text.ts";
import { minuteMs } from "../../lib/domain/time.ts";
import { kmsChecks, regionCheck } from "./account-checks.ts";
import { administratorsText } from "./administrators.ts";
import { alarmCheck } from "./alarms.ts";
import { bad, type Check, good, notMade } from "./check.ts";
import type { Cloud, DeployedStack } from "./cloud.ts";
import { type Intended, settingMismatches } from "./deployed-settings.ts";
import { outcome } from "./outcome.ts";
import { trailCheck } from "./preflight.ts";
import { isOnOwnBus, type RuleName, type RunningStack, ruleNames } from "./running-stack.ts";
import type { StackSettings } from "./settings.ts";
import { whyNotUpdatable } from "./stack-state.ts";

/** How long (ms) a call may take from CloudTrail through EventBridge to the record: minutes, and AWS promises nothing. */
const propagationMs = 15 * minuteMs;
const pollEveryMs = 5_000;

/** What waiting needs of the world. */
export interface Waiting {
  /** ms since the epoch. */
  readonly clock: () => number;
  readonly pause: (ms: number) => Promise<unknown>;
}

/** Returns the verdicts that need no canary. Of a stack that does not exist nothing else is asked. */
export async function verifyParts(
  cloud: Pick<Cloud, "trails" | "stack" | "template" | "countKeys" | "kmsKey">,
  stack: RunningStack,
  health: StackHealth,
  intended: Intended & { readonly stage: string },
): Promise<readonly Check[]> {
  const deployed = await outcome(cloud.stack(intended.stackName));
  if (deployed.ok && deployed.value === undefined) return [missingStack(intended)];
  return [
    ...(deployed.ok && deployed.value !== undefined
      ? [statusCheck(intended.stackName, deployed.value.status), settingsCheck(deployed.value, intended)]
      : ["stack", "settings"].map((subject) => notMade(subject, deployed.ok ? "" : deployed.why, describing))),
    await trailCheck(cloud),
    ...(await Promise.all(ruleNames.map(async (rule) => await ruleCheck(stack, rule, intended)))),
    ...(await Promise.all((["guard", "sweep"] as const).map(async (name) => await roleCheck(stack, name)))),
    await alarmCheck(stack.alarms, await outcome(cloud.template(intended.stackName)), revertDrift),
    await regionCheck(cloud, intended.region, countingCalls),
    ...(await keyChecks(cloud, intended.settings)),
    ...(await healthFindings(health, {
      stackName: intended.stackName,
      stage: intended.stage,
      region: intended.region,
    })),
    good(
      "administrators",
      administratorsText(intended.settings) ?? "nobody but two roles may change the queues and secrets",
    ),
  ];
}

const describing = "cloudformation:DescribeStacks";

/** Calls that may go into counting keys: enough to see that a region has 80 % of what it takes. */
const countingCalls = 16;

/** The log of a stack without a signing key is legal; a key that does not sign is not. */
async function keyChecks(cloud: Pick<Cloud, "kmsKey">, settings: StackSettings): Promise<readonly Check[]> {
  const checks = await kmsChecks(cloud, settings);
  return settings.signingKey === "none"
    ? checks.map((check) => (check.subject === "signing key" ? good("signing key", check.found) : check))
    : checks;
}

/** Tells whether every check was made and is good, and returns a sentence on those that could not be made. */
export function conclusion(checks: readonly Check[]): { readonly passed: boolean; readonly text?: string } {
  const open = checks.flatMap(({ subject, needs }) => (needs === undefined ? [] : [`${subject} (needs ${needs})`]));
  const text = `not verified, as these could not be checked: ${open.join("; ")}`;
  return { passed: checks.every(({ verdict }) => verdict === "good"), ...(open.length > 0 && { text }) };
}

function missingStack({ stackName, region }: Intended): Check {
  return bad(
    "stack",
    `${stackName} does not exist in this account and ${region}: deploy it, or correct --stage, --file, --account or --region`,
  );
}

function statusCheck(stackName: string, status: string): Check {
  const blocked = whyNotUpdatable(stackName, status);
  if (blocked !== undefined) return bad("stack", blocked);
  return /_COMPLETE$/.test(status) && !/ROLLBACK|DELETE/.test(status)
    ? good("stack", status)
    : bad(
        "stack",
        `${status}: the last deployment was rolled back; read its events (aws cloudformation describe-stack-events --stack-name ${stackName})`,
      );
}

function settingsCheck(deployed: DeployedStack, intended: Intended): Check {
  const mismatches = settingMismatches(deployed, intended);
  const effect = intended.mode === "observe" ? "observe: deleted keys are NOT restored" : "enforce";
  return mismatches.length === 0
    ? good("settings", `those of the stage's file, with its policy (${effect})`)
    : bad("settings", mismatches.join("\n  "));
}

async function ruleCheck(stack: RunningStack, rule: RuleName, { stackName, region }: Intended): Promise<Check> {
  const subject = `rule ${rule}`;
  const state = await outcome(stack.ruleState(rule));
  if (!state.ok)
    return isMissing(state.why)
      ? bad(subject, `someone deleted it: ${revertDrift}`)
      : notMade(subject, state.why, "events:DescribeRule");
  const bus = isOnOwnBus(rule) ? ` --event-bus-name ${stackName}` : "";
  return state.value.startsWith("ENABLED")
    ? good(subject, "enabled")
    : bad(
        subject,
        `${state.value}: \`aws events enable-rule --name ${stackName}-${rule}${bus} --region ${region}\`; a deployment does not enable it`,
      );
}

/** CloudFormation changes nothing that the template left as it was. */
const revertDrift = "a deployment does not bring it back (docs/runbook.md, Repair drift)";

function isMissing(why: string): boolean {
  return /^(ResourceNotFound|NoSuchEntity|NotFound)/.test(why);
}

const restoring = ["GetKey", "RestoreKey", "StartKeyUsage"].map((action) => `payment-cryptography:${action}`);

/** Whether a function may still do what it is there for: an SCP or a permissions boundary may have come since. */
async function roleCheck(stack: RunningStack, name: "guard" | "sweep"): Promise<Check> {
  const subject = `role ${name}`;
  const denied = await outcome(stack.deniedTo(name, restoring));
  if (!denied.ok)
    return isMissing(denied.why)
      ? bad(subject, `someone deleted it: ${revertDrift}`)
      : notMade(subject, denied.why, "iam:GetRole, iam:SimulatePrincipalPolicy");
  if (denied.value.length === 0) return good(subject, "may restore keys, as IAM simulates it");
  return bad(
    subject,
    `may not ${printableText(denied.value.join(", "), 200)}: look for an SCP or a permissions boundary (docs/deployment.md)`,
  );
}

const withoutCanary = "--no-canary to leave it out";
const deleting = `payment-cryptography:DeleteKey on key/reprievecanary00, or ${withoutCanary}`;

/** Id of the key that the canary deletes, and that nobody has: a role that runs canaries needs DeleteKey on this key alone. */
const canaryKeyId = "reprievecanary00";

/** Returns the ARN of the canary's key. */
export function canaryKeyArn({
  partition,
  account,
  region,
}: Readonly<Record<"partition" | "account" | "region", string>>): string {
  return `arn:${partition}:payment-cryptography:${region}:${account}:key/${canaryKeyId}`;
}

/** CloudTrail and the answer's header state whole seconds, and not the same moment. */
const clockSlackMs = 5_000;

/**
 * A harmless canary: DeleteKey on a key that does not exist fails, CloudTrail logs it, the rule takes it to the guard, and the guard records
 * the attempt. No key is touched, and nobody can send such an event by hand. `keyArn` names the key that does not exist.
 */
export async function canary(stack: RunningStack, keyArn: string, { clock, pause }: Waiting): Promise<Check> {
  const began = clock();
  const called = await outcome(stack.deleteNothing(keyArn));
  if (!called.ok) return notMade("canary", called.why, deleting);
  const { error, at = began } = called.value;
  if (error !== "ResourceNotFoundException")
    return notMade("canary", `DeleteKey answered ${printableText(error, 100)}`, deleting);
  while (clock() - began < propagationMs) {
    const found = await outcome(stack.hasRecorded(keyArn, at - clockSlackMs));
    if (!found.ok) return notMade("canary", found.why, `dynamodb:Scan on the table of cases, or ${withoutCanary}`);
    if (found.value) return good("canary", `on record ${Math.round((clock() - began) / 1000)} s after the call`);
    await pause(pollEveryMs);
  }
  return bad(
    "canary",
    "the call is not on record after 15 min: see trail, rule and dead-letter queues (docs/runbook.md)",
  );
}
