import { printableText } from "../../lib/domain/printable-text.ts";
import { runningSettings, type StackSettings, settingNames } from "./settings.ts";
import { tagsOfFile, tagsText } from "./stack-tags.ts";

/** Names that `--weaken` takes: a kind of protection that a deployment may take away only if it is named. */
export const protections = [
  "auditLock",
  "retentionDays",
  "signingKey",
  "witness",
  "auditKey",
  "alarmMail",
  "noticeMail",
  "slack",
  "slackEscalation",
  "deployerRole",
  "breakGlassRole",
  "functionPolicies",
  "permissionsBoundary",
  "reservedConcurrency",
  "monitoring",
  "mode",
] as const;
export type Protection = (typeof protections)[number];

/** A setting whose value in the running stack differs from the one to be deployed. */
export interface SettingChange {
  readonly name: keyof StackSettings | "mode";
  readonly from: string;
  readonly to: string;
  /** The protection that the change takes away. */
  readonly weakens?: Protection;
}

/** What a running stack says about itself. */
export interface Described {
  readonly parameters: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** ARN of the role as which CloudFormation acts, or `none`. */
  readonly role: string;
}

type Mode = "observe" | "enforce";

/**
 * Returns every setting that a deployment would change, the policy's mode included. What the stack does not state counts as `unknown`, and as the strongest
 * there is.
 */
export function settingChanges(running: Described, settings: StackSettings, mode: Mode): readonly SettingChange[] {
  const before = runningSettings(running.parameters);
  const changed = settingNames.flatMap((name) => {
    const [from = unknownValue, to] = [before[name], String(settings[name])];
    return sameValue(from, to) ? [] : [changeOf(name, from, to)];
  });
  const others: readonly [SettingChange["name"], string, string][] = [
    ["tags", tagsText(tagsOfFile(running.tags)), tagsText(settings.tags)],
    ["cloudFormationRole", running.role, settings.cloudFormationRole],
    ["mode", running.outputs["PolicyMode"] ?? unknownValue, mode],
  ];
  return [...changed, ...others.flatMap(([name, from, to]) => (from === to ? [] : [changeOf(name, from, to)]))];
}

/** Tells whether a stack states none of its settings, as a first deployment that failed leaves it. */
export function statesNothing({ parameters }: Described): boolean {
  return Object.keys(runningSettings(parameters)).length === 0;
}

const unknownValue = "unknown";

/** A parameter of type Number may come back in another notation. */
function sameValue(from: string, to: string): boolean {
  return from === to || (from !== "" && Number(from) === Number(to));
}

function changeOf(name: SettingChange["name"], from: string, to: string): SettingChange {
  const weakens = weakenedBy(name, from, to);
  return { name, from, to, ...(weakens !== undefined && { weakens }) };
}

function weakenedBy(name: SettingChange["name"], from: string, to: string): Protection | undefined {
  switch (name) {
    case "auditLock":
      return to === "GOVERNANCE" ? name : undefined;
    case "retentionDays":
      return Number(to) >= Number(from) ? undefined : name;
    case "mode":
      return to === "observe" ? name : undefined;
    case "functionPolicies":
    case "reservedConcurrency":
      return to === "off" ? name : undefined;
    case "monitoring":
      return to === "slim" ? name : undefined;
    case "guardCallsPerSecond":
    case "rolePath":
    case "tags":
    case "cloudFormationRole":
      return undefined;
    case "witnessUrl":
    case "witnessKey":
      return to === "none" ? "witness" : undefined;
    case "slackTeam":
    case "slackApp":
    case "slackChannel":
      return to === "none" ? "slack" : undefined;
    default:
      return to === "none" ? name : undefined;
  }
}

/** Returns the protections that the changes take away and `--weaken` does not name. */
export function unnamedWeakenings(changes: readonly SettingChange[], named: readonly Protection[]): Protection[] {
  const weakened = new Set(changes.flatMap(({ weakens }) => weakens ?? []));
  return [...weakened].filter((each) => !named.includes(each));
}

/** Returns the change as one line for a terminal. */
export function settingLine({ name, from, to, weakens }: SettingChange): string {
  const shown = (text: string) => printableText(text, 120);
  return `${weakens === undefined ? "~" : "-"} ${name}: ${shown(from)} -> ${shown(to)}${weakens === undefined ? "" : ` (weaker: --weaken ${weakens})`}`;
}
