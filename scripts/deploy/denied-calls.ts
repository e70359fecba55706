import { GetRoleCommand, IAMClient, SimulatePrincipalPolicyCommand } from "@aws-sdk/client-iam";

/** A call that a deployment will make. */
export interface IntendedCall {
  readonly action: string;
  readonly resource: string;
}

/** Values of condition keys that the calls will carry, such as `iam:PermissionsBoundary`. */
export type CallContext = Readonly<Record<string, string>>;

type Settings = ConstructorParameters<typeof IAMClient>[0];

/**
 * Returns those of the calls that `arn` may not make, as IAM simulates it, organization and boundary included: in two calls for a session, in one for a
 * user or a role. Throws what IAM answers, and an Error for an identity that IAM does not simulate.
 */
export async function deniedCalls(
  settings: NonNullable<Settings>,
  arn: string,
  calls: readonly IntendedCall[],
  context: CallContext = {},
): Promise<readonly string[]> {
  const client = new IAMClient(settings);
  const PolicySourceArn = await identityOf(client, arn);
  const ActionNames = [...new Set(calls.map(({ action }) => action))];
  const ResourceArns = [...new Set(calls.map(({ resource }) => resource))];
  // Every action is simulated on every resource; only the pairs that are meant count.
  const { EvaluationResults = [] } = await client.send(
    new SimulatePrincipalPolicyCommand({
      ...{ PolicySourceArn, ActionNames, ResourceArns, MaxItems: 1000 },
      ContextEntries: Object.entries(context).map(([ContextKeyName, value]) => ({
        ...{ ContextKeyName, ContextKeyType: "string", ContextKeyValues: [value] },
      })),
    }),
  );
  const allowed = new Set(
    EvaluationResults.flatMap(({ EvalActionName, EvalResourceName, EvalDecision }) =>
      EvalDecision === "allowed" ? [`${EvalActionName} ${EvalResourceName}`] : [],
    ),
  );
  return calls.flatMap(({ action, resource }) => (allowed.has(`${action} ${resource}`) ? [] : [action]));
}

/** Returns the ARN by which IAM knows the caller. A session's ARN has no path, and its role's may have one. */
async function identityOf(client: IAMClient, callerArn: string): Promise<string> {
  const [, , service, , , resource = ""] = callerArn.split(":");
  if (service === "iam" && /^(user|role)\//.test(resource)) return callerArn;
  const [kind, RoleName] = resource.split("/");
  if (service !== "sts" || kind !== "assumed-role")
    throw new Error(`IAM simulates users and roles, and this is ${resource}`);
  const { Role } = await client.send(new GetRoleCommand({ RoleName }));
  if (Role?.Arn === undefined) throw new Error(`IAM describes no role ${RoleName}`);
  return Role.Arn;
}
