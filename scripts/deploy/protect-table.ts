import { type CloudFormationClient, DescribeStacksCommand, UpdateStackCommand } from "@aws-sdk/client-cloudformation";

const maxTries = 120;
const pauseMs = 5_000;
const parameter = "TableProtection";

/**
 * Switches on the deletion protection of the table of a stack that was just created. During the creation it would keep CloudFormation from removing the table
 * if the creation failed. Throws if CloudFormation refuses or rolls back.
 */
export async function protectTable(
  client: Pick<CloudFormationClient, "send">,
  StackName: string,
  pause: (ms: number) => Promise<unknown>,
): Promise<void> {
  const { parameters } = await describe(client, StackName);
  const Parameters = parameters.map((ParameterKey) =>
    ParameterKey === parameter ? { ParameterKey, ParameterValue: "on" } : { ParameterKey, UsePreviousValue: true },
  );
  const Capabilities = ["CAPABILITY_IAM" as const, "CAPABILITY_NAMED_IAM" as const];
  await client.send(new UpdateStackCommand({ StackName, UsePreviousTemplate: true, Parameters, Capabilities }));
  for (let n = 0; n < maxTries; n++) {
    const { status } = await describe(client, StackName);
    if (/^UPDATE_COMPLETE/.test(status)) return;
    if (!/IN_PROGRESS$/.test(status)) throw new Error(`${StackName} is ${status}`);
    await pause(pauseMs);
  }
  throw new Error(`${StackName} was still being updated after ${(maxTries * pauseMs) / 60_000} min`);
}

async function describe(client: Pick<CloudFormationClient, "send">, StackName: string) {
  const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName }));
  const parameters = (stack?.Parameters ?? []).flatMap(({ ParameterKey }) => ParameterKey ?? []);
  return { status: stack?.StackStatus ?? "unknown", parameters };
}
