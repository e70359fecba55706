import { type StackSettings, settingNames } from "./deploy/settings.ts";
import { stackTags } from "./deploy/stack-tags.ts";

/** What serverless.yml reads as `custom.settings`. */
export interface OslsSettings {
  readonly [name: string]: string | Readonly<Record<string, string>>;
}

/** Returns the settings as serverless.yml reads them: its parameters as text, the stack's tags, and the role as which CloudFormation acts. */
export function oslsSettings(settings: StackSettings): OslsSettings {
  const { tags, cloudFormationRole } = settings;
  return {
    ...Object.fromEntries(settingNames.map((name) => [name, String(settings[name])])),
    tags: stackTags(tags),
    iam: cloudFormationRole === "none" ? {} : { deploymentRole: cloudFormationRole },
  };
}
