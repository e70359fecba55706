import { dirname, resolve } from "node:path";
import { checkedYaml } from "../../cli/shell/checked-yaml.ts";
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

/** A file has one line per place and setting. */
const maxLength = 200_000;

/** Reads the text of the stage file at `path`: every field is written down, none is added. Never throws. */
export function readStageFile(text: string, path: string) {
  const read = checkedYaml(text, {
    maxLength,
    schemaFor: () => stageSchema,
    missing: "is missing; every field is written down",
    contradictions,
    resultOf: (stage) => stageOf(stage, path),
  });
  return read.ok ? { ok: true as const, file: read.value } : read;
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
