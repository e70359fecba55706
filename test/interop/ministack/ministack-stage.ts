import { setTimeout as pause } from "node:timers/promises";
import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetFunctionConfigurationCommand, InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetQueueAttributesCommand, ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { account, region } from "../../../local/world/people.ts";
import type { Gateway } from "./gateway.ts";
import { keepVote } from "./keep-vote.ts";
import type { Stage } from "./stage.ts";

/** What the emulator shows of the deployed stack. */
export interface Deployed {
  readonly stage: Stage;
  /** Parameters of the stack, and its status. */
  readonly described: () => Promise<Readonly<Record<string, string>>>;
  /** Messages in each queue that is not empty. */
  readonly waiting: () => Promise<Readonly<Record<string, number>>>;
}

/** Returns the stack that was deployed through `gateway` under this name. */
export function deployedStack(gateway: Gateway, stackName: string): Deployed {
  const settings = { endpoint: gateway.url, region, credentials: { accessKeyId: account, secretAccessKey: "local" } };
  const [queues, functions] = [new SQSClient(settings), new LambdaClient(settings)];
  const described = async () => await describe(new CloudFormationClient(settings), stackName);
  const waiting = async () => await waitingIn(queues);
  const stage: Stage = {
    plane: gateway.plane,
    cases: { store: new DynamoDBClient(settings), tableName: `${stackName}-cases` },
    isStack: (accessKeyId) => accessKeyId === account,
    deliver: (delivered) => {
      gateway.deliver = delivered;
    },
    sweep: async () => {
      const { FunctionError } = await functions.send(new InvokeCommand({ FunctionName: `${stackName}-sweep` }));
      if (FunctionError !== undefined) throw new Error(`the sweep failed: ${FunctionError}`);
    },
    keep: async (person, caseName) => {
      // MiniStack names the API after its own host, where the template's output names AWS's.
      const approval = new GetFunctionConfigurationCommand({ FunctionName: `${stackName}-approval` });
      const endpoint = (await functions.send(approval)).Environment?.Variables?.["VOTE_AUDIENCE"] ?? "";
      const [, api = ""] = /^https?:\/\/(\w+)\./.exec(endpoint) ?? [];
      const toEmulator = async (url: string | URL | Request, init?: RequestInit) =>
        await fetch(String(url).replace(endpoint, `${gateway.url}/_aws/execute-api/${api}/$default`), init);
      return await keepVote(person, caseName, { endpoint, stsUrl: `${gateway.url}/`, fetch: toEmulator });
    },
    settle: async () => await settled(waiting),
  };
  return { stage, described, waiting };
}

async function describe(client: CloudFormationClient, StackName: string): Promise<Record<string, string>> {
  const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName }));
  const { Parameters = [], Outputs = [], StackStatus = "" } = stack ?? {};
  const named = [
    ...Parameters.map(({ ParameterKey = "", ParameterValue = "" }) => [ParameterKey, ParameterValue]),
    ...Outputs.map(({ OutputKey = "", OutputValue = "" }) => [OutputKey, OutputValue]),
  ];
  return { ...(Object.fromEntries(named) as Record<string, string>), StackStatus };
}

async function waitingIn(client: SQSClient): Promise<Record<string, number>> {
  const { QueueUrls = [] } = await client.send(new ListQueuesCommand({}));
  const counted = QueueUrls.map(async (QueueUrl) => {
    const { Attributes = {} } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
    const hidden = Number(Attributes["ApproximateNumberOfMessagesNotVisible"]);
    return [QueueUrl.split("/").at(-1) ?? "", Number(Attributes["ApproximateNumberOfMessages"]) + hidden] as const;
  });
  return Object.fromEntries((await Promise.all(counted)).filter(([, count]) => count > 0));
}

/** Waits until no queue but a dead-letter queue has held a message for two seconds. Throws after five minutes, with what waits. */
async function settled(waiting: Deployed["waiting"]): Promise<void> {
  let quiet = 0;
  for (let tries = 0; tries < 750; tries += 1) {
    const busy = Object.keys(await waiting()).filter((name) => !name.includes("dead"));
    quiet = busy.length === 0 ? quiet + 1 : 0;
    if (quiet === 5) return;
    await pause(400);
  }
  throw new Error(`the queues did not empty within five minutes: ${JSON.stringify(await waiting())}`);
}
