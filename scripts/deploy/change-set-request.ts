import type { StackOptions } from "./settings.ts";
import { stackTags } from "./stack-tags.ts";

/** Returns what a change set is asked for beside the template, as osls asks for the update: other tags or another role would show other changes. */
export function changeSetRequest({ tags, cloudFormationRole }: StackOptions, stackName: string) {
  const all = { STAGE: stackName.replace(/^reprieve-/, ""), ...stackTags(tags) };
  return {
    Capabilities: ["CAPABILITY_IAM" as const, "CAPABILITY_NAMED_IAM" as const],
    ChangeSetType: "UPDATE" as const,
    Tags: Object.entries(all).map(([Key, Value]) => ({ Key, Value })),
    ...(cloudFormationRole !== "none" && { RoleARN: cloudFormationRole }),
  };
}
