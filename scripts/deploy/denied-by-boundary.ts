import { GetPolicyCommand, GetPolicyVersionCommand, IAMClient, SimulateCustomPolicyCommand } from "@aws-sdk/client-iam";

const everything = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
});

type Settings = NonNullable<ConstructorParameters<typeof IAMClient>[0]>;

/** Returns those of the actions that a permissions boundary does not allow on any resource, as IAM simulates it, in three calls. Throws what IAM answers. */
export async function deniedByBoundary(
  settings: Settings,
  PolicyArn: string,
  actions: readonly string[],
): Promise<readonly string[]> {
  const client = new IAMClient(settings);
  const { Policy } = await client.send(new GetPolicyCommand({ PolicyArn }));
  const version = { PolicyArn, VersionId: Policy?.DefaultVersionId };
  const { PolicyVersion } = await client.send(new GetPolicyVersionCommand(version));
  if (PolicyVersion?.Document === undefined) throw new Error(`IAM states no document of ${PolicyArn}`);
  const { EvaluationResults = [] } = await client.send(
    new SimulateCustomPolicyCommand({
      PolicyInputList: [everything],
      PermissionsBoundaryPolicyInputList: [decodeURIComponent(PolicyVersion.Document)],
      ActionNames: [...actions],
      MaxItems: 1000,
    }),
  );
  const allowed = new Set(
    EvaluationResults.flatMap(({ EvalActionName = "", EvalDecision }) =>
      EvalDecision === "allowed" ? [EvalActionName] : [],
    ),
  );
  return actions.filter((action) => !allowed.has(action));
}
