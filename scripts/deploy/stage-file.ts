import { dirname, resolve } from "node:path";
import * as v from "valibot";
import { readPlainYaml } from "../../lib/domain/policy/yaml/plain-yaml.ts";
import { printableText } from "../../lib/domain/printable-text.ts";
import type { StackSettings } from "./settings.ts";
import { contradictions } from "./stage-contradictions.ts";
import { type Stage, stageSchema } from "./stage-schema.ts";

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

function stageOf({ stage, policy, places, slack, witness, tags, ...rest }: Stage, path: string): StageFile {
  const { url: witnessUrl, key: witnessKey } = witness === "none" ? { url: "none", key: "none" } : witness;
  const settingsWith = (slackApp: string): StackSettings => {
    const { team, channel, escalation } = slack === "none" || slackApp === "none" ? withoutSlack : slack;
    return {
      ...rest,
      tags: tags === "none" ? {} : tags,
      witnessUrl,
      witnessKey,
      slackApp,
      slackTeam: team,
      slackChannel: channel,
      slackEscalation: escalation,
    };
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
