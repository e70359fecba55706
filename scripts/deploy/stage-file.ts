import { dirname, resolve } from "node:path";
import * as v from "valibot";
import { readPlainYaml } from "../../lib/domain/policy/yaml/plain-yaml.ts";
import { printableText } from "../../lib/domain/printable-text.ts";
import { isRegion, isStage } from "../../lib/domain/stack-place.ts";
import type { StackSettings } from "./settings.ts";

/** One stack of a stage: an account and a region, and how this machine signs in to it. */
export interface DeployPlace {
  readonly account: string;
  readonly region: string;
  /** A profile of the AWS configuration, or `none` for the credentials of the shell. */
  readonly profile: string;
  readonly settings: StackSettings;
}

/** A stage as its file describes it. */
export interface StageFile {
  readonly stage: string;
  readonly policyFile: string;
  readonly places: readonly DeployPlace[];
  /** The settings of a stack in none of the places, such as a member of a stack set: without a Slack app. */
  readonly settings: StackSettings;
}

type Read =
  | { readonly ok: true; readonly file: StageFile }
  | {
      readonly ok: false;
      /** Each as `line:column field: message`. */
      readonly faults: readonly string[];
    };

/** A file has one line per place and setting. */
const maxLength = 200_000;

const matching = (pattern: RegExp, expected: string) => v.pipe(v.string(expected), v.regex(pattern, expected));
// Without `$` and `{`: osls would read a variable there.
const mail = matching(/^([A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,250}|none)$/, "expected a mail address, or none");
const slackId = (meaning: string) => matching(/^[A-Z0-9]{2,24}$/, `expected the id of a Slack ${meaning}`);
const orNone = (meaning: string) =>
  matching(/^([A-Z0-9]{2,24}|none)$/, `expected the id of a Slack ${meaning}, or none`);
const isFields = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
const fields = <Entries extends v.ObjectEntries>(entries: Entries) =>
  v.pipe(v.custom<object>(isFields, "expected fields"), v.strictObject(entries));
const kmsKey = matching(
  /^(arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+|none)$/,
  "expected the ARN of a KMS key, or none",
);
const role = matching(
  /^(arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}|none)$/,
  "expected the ARN of an IAM role (arn:aws:iam::<account>:role/<path and name>), or none",
);
const number = (min: number, max: number, meaning: string) => {
  const expected = `expected ${meaning} from ${min} to ${max}`;
  return v.pipe(v.number(expected), v.minValue(min, expected), v.maxValue(max, expected));
};

const slack = fields({
  team: slackId("team"),
  channel: slackId("channel"),
  escalation: orNone("channel or user group"),
});

const place = fields({
  account: matching(/^\d{12}$/, "expected an account id of 12 digits, in quotes"),
  region: v.pipe(v.string("expected a region"), v.check(isRegion, "expected a region such as us-east-1")),
  profile: matching(/^[\w.@-]{1,100}$/, "expected a profile of the AWS configuration, or none"),
  slackApp: orNone("app"),
});

const stageSchema = fields({
  stage: v.pipe(v.string("expected a stage"), v.check(isStage, "expected a stage such as prod")),
  places: v.array(place, "expected a list of places"),
  policy: v.pipe(v.string("expected a policy file"), v.nonEmpty("expected a policy file")),
  alarmMail: mail,
  noticeMail: mail,
  auditLock: v.picklist(["GOVERNANCE", "COMPLIANCE"], "expected GOVERNANCE or COMPLIANCE"),
  retentionDays: v.pipe(number(365, 36_500, "a number of days"), v.integer("expected whole days")),
  signingKey: kmsKey,
  auditKey: kmsKey,
  slack: v.lazy((value) =>
    isFields(value) ? slack : v.literal("none", "expected team, channel and escalation, or none"),
  ),
  guardCallsPerSecond: number(0.1, 1.6, "calls per second and guard"),
  deployerRole: role,
  breakGlassRole: role,
  functionPolicies: v.picklist(["on", "off"], "expected on or off, in quotes"),
});

type Stage = v.InferOutput<typeof stageSchema>;

/** Reads the text of the stage file at `path`: every field is written down, none is added. Never throws. */
export function readStageFile(text: string, path: string): Read {
  if (text.length > maxLength) return { ok: false, faults: [`1:1 expected at most ${maxLength} characters`] };
  const yaml = readPlainYaml(text);
  if (!yaml.ok) return { ok: false, faults: yaml.faults.map((each) => `${each.line}:${each.column} ${each.message}`) };
  const at = (path: readonly (string | number)[], message: string) => {
    const { line, column } = yaml.placeOf(path);
    const field = path.length === 0 ? "" : `${path.join(".")}: `;
    return printableText(`${line}:${column} ${field}${message}`, 300);
  };
  const parsed = v.safeParse(stageSchema, yaml.value);
  if (!parsed.success) return { ok: false, faults: parsed.issues.map((issue) => at(pathOf(issue), messageOf(issue))) };
  const faults = contradictions(parsed.output).map(({ path, message }) => at(path, message));
  return faults.length === 0 ? { ok: true, file: stageOf(parsed.output, path) } : { ok: false, faults };
}

function pathOf({ path }: v.BaseIssue<unknown>): (string | number)[] {
  return (path ?? []).map(({ key }) => key as string | number);
}

function messageOf(issue: v.BaseIssue<unknown>): string {
  if (issue.type !== "strict_object") return issue.message;
  return issue.expected === "never" ? "there is no such field" : "is missing; every field is written down";
}

function contradictions({ places, slack, auditKey }: Stage): { path: (string | number)[]; message: string }[] {
  const names = places.map(({ account, region }) => `${account} ${region}`);
  const keyAccount = auditKey.split(":")[4];
  return places.flatMap(({ slackApp, account }, n) => [
    ...(account === keyAccount
      ? [
          {
            path: ["auditKey"],
            message: `expected a key of another account than \`${account}\`: who deletes it there shreds the evidence`,
          },
        ]
      : []),
    ...(names.indexOf(names[n] ?? "") === n ? [] : [{ path: ["places", n], message: `\`${names[n]}\` appears twice` }]),
    ...(slack === "none" && slackApp !== "none"
      ? [{ path: ["places", n, "slackApp"], message: "expected none, as `slack` is none" }]
      : []),
  ]);
}

function stageOf({ stage, policy, places, slack, ...rest }: Stage, path: string): StageFile {
  const settingsWith = (slackApp: string): StackSettings => {
    const { team, channel, escalation } = slack === "none" || slackApp === "none" ? withoutSlack : slack;
    return { ...rest, slackApp, slackTeam: team, slackChannel: channel, slackEscalation: escalation };
  };
  return {
    stage,
    policyFile: resolve(dirname(path), policy),
    places: places.map(({ slackApp, ...where }) => ({ ...where, settings: settingsWith(slackApp) })),
    settings: {
      ...settingsWith("none"),
      ...(slack !== "none" && {
        slackTeam: slack.team,
        slackChannel: slack.channel,
        slackEscalation: slack.escalation,
      }),
    },
  };
}

const withoutSlack = { team: "none", channel: "none", escalation: "none" };
