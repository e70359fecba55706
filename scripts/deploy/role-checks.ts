import { printableText } from "../../lib/domain/printable-text.ts";
import { bad, type Check, doubtful, good, notMade } from "./check.ts";
import type { Cloud, DeployedStack } from "./cloud.ts";
import { callingActions, creatingCalls } from "./intended-calls.ts";
import { outcome } from "./outcome.ts";
import { parameterNames, type StackSettings } from "./settings.ts";

interface Place {
  readonly stage: string;
  readonly account: string;
  readonly region: string;
  readonly settings: StackSettings;
}

/**
 * Checks that the identity as which CloudFormation acts may make every kind of resource, with the boundary and the tags of the stage's file: without one permission a
 * first deployment fails halfway. Who may not start CloudFormation, or pass it its role, fails before anything is made.
 */
export async function permissionsCheck(
  cloud: Pick<Cloud, "deniedTo">,
  callerArn: string,
  place: Place,
): Promise<Check> {
  const subject = "permissions";
  const { cloudFormationRole } = place.settings;
  const isDelegated = cloudFormationRole !== "none";
  const acting = isDelegated ? cloudFormationRole : callerArn;
  const asked = await outcome(cloud.deniedTo(acting, creatingCalls(place), contextOf(place.settings)));
  if (!asked.ok)
    return notMade(subject, asked.why, "iam:SimulatePrincipalPolicy, and iam:GetRole for a role", "permissions");
  if (asked.value.length === 0) return good(subject, "to make every kind of resource, as IAM simulates it");
  return doubtful(
    subject,
    `IAM says that ${isDelegated ? cloudFormationRole : "you"} may not call ${asked.value.join(", ")}: \`reprieve deploy --stage ${place.stage} --print-ci-policy\` prints a policy that suffices`,
    "permissions",
  );
}

/** An organization may demand a boundary, or tags, of what is made. */
function contextOf({ permissionsBoundary, tags }: StackSettings): Record<string, string> {
  const asked = Object.entries(tags).map(([name, value]) => [`aws:RequestTag/${name}`, value] as const);
  return {
    ...Object.fromEntries(asked),
    ...(permissionsBoundary !== "none" && { "iam:PermissionsBoundary": permissionsBoundary }),
  };
}

/**
 * Checks that a boundary which the roles do not have yet allows what the functions call: one that does not makes the guard powerless, and no deployment fails.
 * Later `verify-deployment` simulates the roles themselves.
 */
export async function boundaryChecks(
  cloud: Pick<Cloud, "deniedByBoundary">,
  { permissionsBoundary }: StackSettings,
  running: DeployedStack | undefined,
): Promise<readonly Check[]> {
  const subject = "permissions boundary";
  const before = running?.parameters[parameterNames.permissionsBoundary];
  if (permissionsBoundary === "none" || permissionsBoundary === before) return [];
  const asked = await outcome(cloud.deniedByBoundary(permissionsBoundary, callingActions));
  if (!asked.ok)
    return [
      /^NoSuchEntity/.test(asked.why)
        ? bad(subject, `${permissionsBoundary} does not exist: correct the stage's file`)
        : notMade(subject, asked.why, "iam:GetPolicy, iam:GetPolicyVersion, iam:SimulateCustomPolicy", subjectName),
    ];
  if (asked.value.length === 0) return [good(subject, "allows what the functions call, as IAM simulates it")];
  const found = `IAM says that it does not allow ${asked.value.join(", ")}, which the functions call: keys would not be restored, or nobody notified`;
  return [doubtful(subject, found, subjectName)];
}

const subjectName = "permissions-boundary";

/** Finds what CloudFormation cannot change of a running stack: an update would fail halfway, or change nothing. */
export function fixedFaults({ parameters, role }: DeployedStack, settings: StackSettings): readonly Check[] {
  const path = parameters[parameterNames.rolePath];
  const { rolePath, cloudFormationRole } = settings;
  return [
    ...(path === undefined || path === rolePath
      ? []
      : [
          bad(
            "role path",
            `the roles are in ${printableText(path, 200)}, and IAM moves no role: set rolePath to it in the stage's file`,
          ),
        ]),
    ...(role === "none" || cloudFormationRole !== "none"
      ? []
      : [
          bad(
            "CloudFormation role",
            `CloudFormation keeps on acting as ${printableText(role, 200)} for this stack: set cloudFormationRole to it, or to another role`,
          ),
        ]),
  ];
}
