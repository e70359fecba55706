import * as v from "valibot";
import { GuardError } from "../../lib/domain/guard-error.ts";

const text = v.pipe(v.string(), v.nonEmpty("must not be empty"));
const url = v.pipe(v.string(), v.url("must be a URL"));
const positive = (expected: string) => v.pipe(v.string(), v.toNumber(), v.gtValue(0, `must be ${expected} above 0`));
const slackId = (expected: string) =>
  v.pipe(v.string(), v.regex(/^([A-Z0-9]{2,24}|none)$/, `must be ${expected}, or none`));

const common = {
  STAGE: text,
  ACCOUNT_ID: v.pipe(v.string(), v.regex(/^\d{12}$/, "must be an account id of 12 digits")),
  AWS_REGION: text,
  CASES_TABLE: text,
};

/** A list with commas between. */
const list = v.pipe(
  text,
  v.transform((texts) => texts.split(",")),
);

const queued = { DEAD_LETTER_QUEUE_URL: url, MAX_RECEIVE_COUNT: positive("a number") };

const keyed = { EVENT_BUS_NAME: text, CONTROL_PLANE_CALLS_PER_SECOND: positive("a number") };

/** What each function reads of its environment, as the template sets it. */
export const settingsOf = {
  guard: v.object({ ...common, ...queued, GUARD_QUEUE_URL: url, ...keyed }),
  sweep: v.object({
    ...common,
    ...keyed,
    GUARD_QUEUE_URL: url,
    NOTIFY_QUEUE_URL: url,
    AUDIT_BUCKET: text,
    AUDIT_SIGNING_KEY: v.pipe(text, v.regex(/^(arn:aws[\w-]*:kms:.+|none)$/, "must be the ARN of a KMS key, or none")),
    WITNESS_URL: v.pipe(text, v.regex(/^(https:\/\/.+|none)$/, "must be a URL with https, or none")),
    /** A verifier key, or none. What is wrong with it stops the witness, not the sweep: see log-clients.ts. */
    WITNESS_KEY: text,
    /** Who deployed the stack, as the command stated that packaged it, or none. */
    DEPLOYED_BY: text,
    GUARD_DEAD_LETTERS_URL: url,
    NOTIFY_DEAD_LETTERS_URL: url,
    VOTE_QUEUE_URL: url,
    VOTES_DEAD_LETTERS_URL: url,
    RULE_DEAD_LETTERS_URL: url,
    REMEDIATION_QUEUE_URL: url,
    REMEDIATION_DEAD_LETTERS_URL: url,
    /** Where changes go of which no event told. */
    CHANGE_QUEUE_URL: url,
    RULE_ARNS: list,
  }),
  approval: v.object({
    ...common,
    VOTE_QUEUE_URL: url,
    SIGNING_SECRET_ID: text,
    BOT_TOKEN_SECRET_ID: text,
    SLACK_API_URL: url,
    SLACK_TEAM_ID: slackId("a Slack team id"),
    SLACK_APP_ID: slackId("a Slack app id"),
    STS_URL: url,
    VOTE_AUDIENCE: url,
  }),
  votes: v.object({
    ...common,
    ...queued,
    VOTE_QUEUE_URL: url,
    EVENT_BUS_NAME: text,
    SIGNING_SECRET_ID: text,
    SLACK_TEAM_ID: slackId("a Slack team id"),
    SLACK_APP_ID: slackId("a Slack app id"),
    STS_URL: url,
    VOTE_AUDIENCE: url,
  }),
  remediation: v.object({
    ...common,
    ...queued,
    ...keyed,
    REMEDIATION_QUEUE_URL: url,
    CHANGE_QUEUE_URL: url,
    /** Calls per second while changes are judged and undone; `CONTROL_PLANE_CALLS_PER_SECOND` is for lock-outs. */
    CHANGE_CALLS_PER_SECOND: positive("a number"),
    /** Every role of the stack: what they do is never a reason to act. */
    STACK_ROLE_ARNS: list,
    /** Roles that a Deny may name for it to lock the stack out. */
    GUARDED_ROLE_ARNS: list,
    OWN_ROLE_ARN: text,
    /** Rules that are enabled again. */
    RULE_ARNS: list,
    STACK_KEY_ARN: text,
  }),
  notify: v.object({
    ...common,
    ...queued,
    NOTIFY_QUEUE_URL: url,
    EVENT_BUS_NAME: text,
    BOT_TOKEN_SECRET_ID: text,
    SLACK_API_URL: url,
    SLACK_CHANNEL: slackId("the id of a Slack channel"),
    SLACK_ESCALATION: slackId("the id of a Slack channel or user group"),
    NOTICE_TOPIC_ARN: text,
  }),
};

type Schemas = typeof settingsOf;
export type FunctionWithSettings = keyof Schemas;
export type Settings<Name extends FunctionWithSettings> = v.InferOutput<Schemas[Name]>;

/** Names of every variable a function reads: the template and its test use the same list. */
export function settingNames(name: FunctionWithSettings): string[] {
  return Object.keys(settingsOf[name].entries);
}

/** `environment` as settings of a function. Throws CONFIGURATION_INVALID that names every fault at once, and no values. */
export function readSettings<Schema extends v.GenericSchema>(
  schema: Schema,
  environment: Readonly<Record<string, string | undefined>>,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, environment);
  if (parsed.success) return parsed.output;
  const faults = parsed.issues.map((issue) => {
    const name = v.getDotPath(issue) ?? "environment";
    return environment[name] === undefined ? `${name} is not set` : `${name} ${issue.message}`;
  });
  throw new GuardError("CONFIGURATION_INVALID", "dead-letter", `configuration: ${faults.join("; ")}`);
}
