import { printableText } from "../../lib/domain/printable-text.ts";
import { administratorsCheck } from "./administrators.ts";
import { bad, type Check, good, notMade, unknown } from "./check.ts";
import type { Cloud } from "./cloud.ts";
import type { StackSettings } from "./settings.ts";
import { whyNotUpdatable } from "./stack-state.ts";

export interface Plan {
  readonly stackName: string;
  readonly stage: string;
  /** The account that the stage's file names. */
  readonly account: string;
  readonly region: string;
  readonly settings: StackSettings;
}

/** Returns everything that can be known before anything is made; what depends on something bad is not asked. */
export async function preflight(cloud: Cloud, plan: Plan): Promise<readonly Check[]> {
  const { stackName, region, stage, account, settings } = plan;
  const caller = await outcome(cloud.caller());
  const identity = ofAccount(caller, account);
  if (!caller.ok || identity.verdict !== "good") return [identity];
  return [
    identity,
    await regionCheck(cloud, region),
    await trailCheck(cloud),
    await stackCheck(cloud, stackName, `reprieve-${stage}-audit-${account}-${region}`),
    ...audienceChecks(settings),
    administratorsCheck(settings, caller.value.arn),
  ];
}

/** Tells whether the credentials belong to the account that the stage's file names. */
export async function accountCheck(cloud: Pick<Cloud, "caller">, expected: string): Promise<Check> {
  return ofAccount(await outcome(cloud.caller()), expected);
}

function ofAccount(caller: Attempt<{ readonly account: string; readonly arn: string }>, expected: string): Check {
  if (!caller.ok) return bad("account", `${caller.why}: sign in with \`aws sso login\`, or set AWS_PROFILE`);
  const { account, arn } = caller.value;
  const callerText = `${printableText(account, 12)} (${printableText(arn, 200)})`;
  if (account === expected) return good("account", callerText);
  return bad(
    "account",
    `the credentials belong to ${callerText}, and the stage's file says ${expected}: sign in to ${expected}`,
  );
}

/** Says who is woken, and who learns of a case: a stack that notifies nobody is legal, and easily made by mistake. */
function audienceChecks({ alarmMail, noticeMail, slackChannel }: StackSettings): readonly Check[] {
  const listeners = [
    ...(slackChannel === "none" ? [] : [`Slack channel ${slackChannel}`]),
    ...(noticeMail === "none" ? [] : [noticeMail]),
  ];
  return [
    alarmMail === "none"
      ? unknown("alarms", "NOBODY is alerted: alarmMail is none")
      : good("alarms", `are mailed to ${alarmMail}`),
    listeners.length === 0
      ? unknown("notices", "NOBODY is notified of a case, nor asked to approve: noticeMail and slack are none")
      : good("notices", `go to ${listeners.join(" and ")}`),
  ];
}

async function regionCheck(cloud: Cloud, region: string): Promise<Check> {
  const subject = "Payment Cryptography";
  const asked = await outcome(cloud.askForKeys());
  if (asked.ok) return good(subject, `answers in ${region}`);
  if (/ENOTFOUND|EAI_AGAIN|UnknownEndpoint|getaddrinfo/.test(asked.why))
    return bad(subject, `does not answer in ${region}: deploy where the keys are`);
  return notMade(subject, asked.why, "payment-cryptography:ListKeys", "region");
}

const trailPermissions = ["DescribeTrails", "GetTrailStatus", "GetEventSelectors"]
  .map((action) => `cloudtrail:${action}`)
  .join(", ");

/** Tells whether an event can reach EventBridge at all. */
export async function trailCheck(cloud: Pick<Cloud, "trails">): Promise<Check> {
  const trails = await outcome(cloud.trails());
  if (!trails.ok) return notMade("CloudTrail", trails.why, trailPermissions, "trail");
  const logging = trails.value.filter((trail) => trail.logging);
  const useful = logging.find(({ managementWrites }) => managementWrites === true);
  if (useful !== undefined) return good("CloudTrail", `trail \`${printableText(useful.name, 100)}\` is logging`);
  const unread = logging.find(({ managementWrites }) => managementWrites === undefined);
  if (unread !== undefined) {
    const found = `whether trail \`${printableText(unread.name, 100)}\` logs management events that write cannot be read`;
    return notMade("CloudTrail", found, trailPermissions, "trail");
  }
  const why = trails.value.length === 0 ? "there is no trail" : "no trail is logging management events that write";
  return bad(
    "CloudTrail",
    `${why}: without one no event reaches EventBridge; make one (aws cloudtrail create-trail, start-logging)`,
  );
}

/** Looks at the running stack; where there is none yet, at the bucket that it would make. */
async function stackCheck(cloud: Cloud, stackName: string, bucket: string): Promise<Check> {
  const stack = await outcome(cloud.stack(stackName));
  if (!stack.ok) return notMade("stack", stack.why, "cloudformation:DescribeStacks");
  if (stack.value !== undefined) {
    const blocked = whyNotUpdatable(stackName, stack.value.status);
    if (blocked !== undefined) return bad("stack", blocked);
    const template = await outcome(cloud.template(stackName));
    if (!template.ok) return notMade("stack", template.why, "cloudformation:GetTemplate", "audit-bucket");
    if (template.value.includes('"AuditBucket"')) return good("stack", `${stackName} is there, and will be changed`);
  }
  const taken = await outcome(cloud.bucketExists(bucket));
  if (!taken.ok) return notMade("audit bucket", taken.why, "a connection to S3", "audit-bucket");
  return taken.value
    ? bad(
        "audit bucket",
        `\`${bucket}\` is there already, perhaps kept from an earlier stack: take another --stage, or import the bucket into the stack`,
      )
    : good("audit bucket", `${bucket} is free`);
}

export type Attempt<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly why: string };

/** What `asking` comes to; never throws. */
export async function outcome<Value>(asking: Promise<Value>): Promise<Attempt<Value>> {
  try {
    return { ok: true, value: await asking };
  } catch (error) {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { ok: false, why: printableText(text, 300) };
  }
}
