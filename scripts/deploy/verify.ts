import { printableText } from "../../lib/domain/printable-text.ts";
import type { Cloud } from "./cloud.ts";
import { bad, type Check, good, outcome, trailCheck, unknown } from "./preflight.ts";
import type { RunningStack } from "./running-stack.ts";

/** How long (ms) a call may take from CloudTrail through EventBridge to the record: minutes, and AWS promises nothing. */
const patience = 15 * 60_000;
const lookEvery = 5_000;

/** What waiting needs of the world. */
export interface Waiting {
  /** ms since the epoch. */
  readonly clock: () => number;
  readonly pause: (ms: number) => Promise<unknown>;
}

/** The verdicts that need no canary. */
export async function verifyParts(cloud: Pick<Cloud, "trails">, stack: RunningStack): Promise<readonly Check[]> {
  const status = await outcome(stack.status());
  const rules = (["delete-key", "service-event", "look-again", "announce"] as const).map(async (rule) => {
    const state = await outcome(stack.ruleState(rule));
    const what = `rule ${rule}`;
    if (!state.ok) return unknown(what, state.why);
    return state.value === "ENABLED" ? good(what, "enabled") : bad(what, `${state.value}: enable it, or deploy again`);
  });
  return [
    !status.ok
      ? unknown("stack", status.why)
      : /_COMPLETE$/.test(status.value) && !/ROLLBACK|DELETE/.test(status.value)
        ? good("stack", status.value)
        : bad("stack", `${status.value}: look at its events in CloudFormation`),
    await trailCheck(cloud),
    ...(await Promise.all(rules)),
    ...(await Promise.all((["guard", "sweep"] as const).map(async (name) => await roleCheck(stack, name)))),
    await alarmCheck(stack),
    ...(await audienceChecks(stack)),
  ];
}

/** Whether anybody hears of an alarm, and of a case. */
async function audienceChecks(stack: RunningStack): Promise<readonly Check[]> {
  const audience = await outcome(stack.audience());
  if (!audience.ok) return [unknown("alarm mail", audience.why), unknown("notices", audience.why)];
  const { alarms, notices, slackChannel } = audience.value;
  const waiting = ({ pending }: { pending: number }) =>
    pending === 0
      ? "nobody has subscribed"
      : `${pending} ${pending === 1 ? "subscription is" : "subscriptions are"} not confirmed`;
  const readers = [
    ...(slackChannel === undefined ? [] : [`Slack channel ${printableText(slackChannel, 30)}`]),
    ...(notices.confirmed === 0 ? [] : [`${notices.confirmed} confirmed by mail`]),
  ];
  return [
    alarms.confirmed > 0
      ? good("alarm mail", `${alarms.confirmed} confirmed`)
      : bad(
          "alarm mail",
          `NOBODY is alerted: ${waiting(alarms)}. Set alarmMail in the stage's file, deploy, and confirm the mail`,
        ),
    readers.length > 0
      ? good("notices", readers.join(", "))
      : bad(
          "notices",
          `NOBODY is notified of a case: no Slack, and ${waiting(notices)}. Set noticeMail or slack in the stage's file, deploy, and confirm the mail`,
        ),
  ];
}

const restoring = ["GetKey", "RestoreKey", "StartKeyUsage"].map((action) => `payment-cryptography:${action}`);

/** Whether a function may still do what it is there for: an SCP or a permissions boundary may have come since. */
async function roleCheck(stack: RunningStack, name: "guard" | "sweep"): Promise<Check> {
  const what = `role ${name}`;
  const denied = await outcome(stack.deniedTo(name, restoring));
  if (!denied.ok) return unknown(what, denied.why);
  if (denied.value.length === 0) return good(what, "may restore keys, as IAM simulates it");
  return bad(
    what,
    `may not ${printableText(denied.value.join(", "), 200)}: look for an SCP or a permissions boundary (docs/deployment.md)`,
  );
}

async function alarmCheck(stack: RunningStack): Promise<Check> {
  const alarms = await outcome(stack.alarms());
  if (!alarms.ok) return unknown("alarms", alarms.why);
  const { count, ringing } = alarms.value;
  if (count === 0) return bad("alarms", "there are none: deploy again");
  const names = printableText(ringing.join(", "), 300);
  return ringing.length === 0
    ? good("alarms", `${count}, and none rings`)
    : bad("alarms", `${names}: see docs/runbook.md`);
}

/**
 * A harmless canary: DeleteKey on a key that does not exist fails, CloudTrail logs it, the rule takes it to the guard, and the guard records
 * the attempt. No key is touched, and nobody can send such an event by hand. `keyArn` names the key that does not exist.
 */
export async function canary(stack: RunningStack, keyArn: string, { clock, pause }: Waiting): Promise<Check> {
  const began = clock();
  const called = await outcome(stack.deleteNothing(keyArn));
  if (!called.ok) return unknown("canary", called.why);
  if (called.value !== "ResourceNotFoundException")
    return unknown(
      "canary",
      `DeleteKey answered ${printableText(called.value, 100)}: call it with a role that may delete keys, once`,
    );
  while (clock() - began < patience) {
    const found = await outcome(stack.hasRecorded(keyArn, began));
    if (!found.ok) return unknown("canary", found.why);
    if (found.value) return good("canary", `on record ${Math.round((clock() - began) / 1000)} s after the call`);
    await pause(lookEvery);
  }
  return bad(
    "canary",
    "the call is not on record after 15 min: see trail, rule and dead-letter queues (docs/runbook.md)",
  );
}
