import { printableText } from "../../lib/domain/printable-text.ts";
import { bad, type Check, good, unknown } from "./check.ts";
import type { StackSettings } from "./settings.ts";

type Roles = Pick<StackSettings, "deployerRole" | "breakGlassRole">;
type Acting = Roles & Pick<StackSettings, "cloudFormationRole">;

const subject = "administrators";

/** Tells who may change the stack's queues and secrets: anyone in the account whose permissions allow it, unless the stage's file names both roles. */
export function administratorsText({ deployerRole, breakGlassRole }: Roles): string | undefined {
  const missing = Object.entries({ deployerRole, breakGlassRole }).flatMap(([name, value]) =>
    value === "none" ? [name] : [],
  );
  return missing.length === 0
    ? undefined
    : `every administrator of the account may change the queues and secrets: ${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} none`;
}

/**
 * Checks that the deployment does not lock CloudFormation out: with both roles set, the queues and secrets refuse changes by anyone else, and
 * CloudFormation acts as its service role, or without one as `callerArn`.
 */
export function administratorsCheck(roles: Acting, callerArn: string): Check {
  const open = administratorsText(roles);
  if (open !== undefined) return unknown(subject, open);
  const { deployerRole, breakGlassRole, cloudFormationRole } = roles;
  // The stage's file names no other: see stage-contradictions.ts.
  if (cloudFormationRole === deployerRole)
    return good(
      subject,
      `${deployerRole}, as which CloudFormation acts, and no other administrator may change the queues and secrets`,
    );
  const found = [deployerRole, breakGlassRole].find((role) => isSessionOf(callerArn, role));
  return found === undefined
    ? bad(
        subject,
        `you are signed in as ${printableText(callerArn, 200)}, and the queues and secrets would refuse changes by anyone but deployerRole (${deployerRole}) and breakGlassRole: sign in with deployerRole, or correct the stage's file`,
      )
    : good(subject, `${found} and no other administrator may change the queues and secrets`);
}

/** Tells whether `callerArn`, as STS states it, is a session of the role. Role names are unique in an account, and a session's ARN has no path. */
function isSessionOf(callerArn: string, roleArn: string): boolean {
  const [, , service, , account, resource = ""] = callerArn.split(":");
  const [kind, name] = resource.split("/");
  const [, , , , roleAccount] = roleArn.split(":");
  return service === "sts" && kind === "assumed-role" && account === roleAccount && name === roleArn.split("/").at(-1);
}
