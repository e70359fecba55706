import type { Described } from "./setting-changes.ts";
import { runningSettings, type StackSettings } from "./settings.ts";
import { tagsOfFile, tagsYaml } from "./stack-tags.ts";
import { stageText } from "./stage-text.ts";

/** The stack that a new stage file is for, as far as it is known. */
export interface Found {
  readonly stage: string;
  readonly region: string;
  readonly account?: string;
  /** Present if the stack is deployed already. */
  readonly running?: Described;
}

/**
 * Returns the text of a new stage file: the values of the running stack, and `todo`, which no deployment accepts, where a person has to decide.
 */
export function stageTemplate({ stage, region, account = "todo", running }: Found): string {
  const values = running === undefined ? {} : runningSettings(running.parameters);
  const { alarmMail = "todo", noticeMail = alarmMail, auditLock = "todo", retentionDays = "todo" } = values;
  const { witnessUrl = "none", witnessKey = "none" } = values;
  const { signingKey = "todo", auditKey = "none", guardCallsPerSecond = "1.5" } = values;
  const { deployerRole = "todo", breakGlassRole = "todo", functionPolicies = "off" } = values;
  const { permissionsBoundary = "none", rolePath = "/", reservedConcurrency = "on", monitoring = "full" } = values;
  const { tags = {}, role: cloudFormationRole = "none" } = running ?? {};
  const witness = witnessUrl === "none" ? "none" : `{ url: "${witnessUrl}", key: "${witnessKey}" }`;
  const mode = running?.outputs["PolicyMode"];
  const slack = running === undefined ? { slackApp: "todo", slack: "todo" } : runningSlack(values);
  return stageText({
    ...{ stage, account, region, profile: "none", ...slack },
    policy: `../policy/policy.yaml${mode === undefined ? "" : ` # the running stack is in mode ${mode}`}`,
    ...{ alarmMail, noticeMail, auditLock, retentionDays, signingKey, witness, auditKey },
    ...{ guardCallsPerSecond, deployerRole, breakGlassRole, functionPolicies },
    ...{ permissionsBoundary, rolePath, tags: tagsYaml(tagsOfFile(tags)), cloudFormationRole },
    ...{ reservedConcurrency, monitoring },
  });
}

type Texts = Readonly<Partial<Record<keyof StackSettings, string>>>;

function runningSlack(values: Texts): { readonly slackApp: string; readonly slack: string } {
  const { slackTeam = "none", slackApp = "none", slackChannel = "none", slackEscalation = "none" } = values;
  if (slackTeam === "none" && slackChannel === "none") return { slackApp, slack: "none" };
  return { slackApp, slack: `{ team: ${slackTeam}, channel: ${slackChannel}, escalation: ${slackEscalation} }` };
}
