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
  const { names, isOn, status } = await describe(client, StackName);
  if (isOn && isSettled(status)) return;
  await update(client, StackName, names);
  for (let n = 0; n < maxTries; n++) {
    const now = await describe(client, StackName);
    if (now.isOn && isSettled(now.status)) return;
    if (!/IN_PROGRESS$/.test(now.status)) throw new Error(`${StackName} is ${now.status}`);
    await pause(pauseMs);
  }
  throw new Error(`${StackName} was still being updated after ${(maxTries * pauseMs) / 60_000} min`);
}

/** An update that was begun although its answer was lost is refused when the client repeats it: what the stack says counts. */
async function update(client: Pick<CloudFormationClient, "send">, StackName: string, names: readonly string[]) {
  const Parameters = names.map((ParameterKey) =>
    ParameterKey === parameter ? { ParameterKey, ParameterValue: "on" } : { ParameterKey, UsePreviousValue: true },
  );
  const Capabilities = ["CAPABILITY_IAM" as const, "CAPABILITY_NAMED_IAM" as const];
  try {
    await client.send(new UpdateStackCommand({ StackName, UsePreviousTemplate: true, Parameters, Capabilities }));
  } catch (error) {
    if (!(await describe(client, StackName)).isOn) throw error;
  }
}

/** The old resources are removed while the new ones are in force already. */
function isSettled(status: string): boolean {
  return /^(CREATE_COMPLETE|UPDATE_COMPLETE(_CLEANUP_IN_PROGRESS)?)$/.test(status);
}

async function describe(client: Pick<CloudFormationClient, "send">, StackName: string) {
  const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName }));
  const parameters = stack?.Parameters ?? [];
  return {
    status: stack?.StackStatus ?? "unknown",
    names: parameters.flatMap(({ ParameterKey }) => ParameterKey ?? []),
    isOn: parameters.some(({ ParameterKey, ParameterValue }) => ParameterKey === parameter && ParameterValue === "on"),
  };
}
