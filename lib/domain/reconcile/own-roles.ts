import type { LogOwner } from "../log/origin.ts";

/** The functions of a stack that call the control plane. */
const functions = ["guard", "sweep", "remediation"] as const;

/**
 * Returns what tells the roles of a stack from all others: by their ARNs where those are given, else by the names that the template gives them.
 * A name is unique within an account, whatever path a role has.
 */
export function ownRoles(
  { account, region, stage }: LogOwner,
  given: readonly string[],
): (roleArn: string | undefined) => boolean {
  if (given.length > 0) return (roleArn) => roleArn !== undefined && given.includes(roleArn);
  const names: ReadonlySet<string> = new Set(functions.map((name) => `reprieve-${stage}-${name}-${region}`));
  return (roleArn) => {
    const [arn, , service, , owner, resource = ""] = roleArn?.split(":") ?? [];
    const [type, ...path] = resource.split("/");
    const isRole = arn === "arn" && service === "iam" && owner === account && type === "role";
    return isRole && names.has(path.at(-1) ?? "");
  };
}
