import { CloudFormationClient, DescribeStacksCommand, type Stack } from "@aws-sdk/client-cloudformation";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DescribeKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { DescribeSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SNSClient } from "@aws-sdk/client-sns";
import { awsTime } from "./aws-time.ts";
import { functionHealth } from "./function-health.ts";
import { recentFigures } from "./recent-figures.ts";
import { type ProbeSettings, scheduleState } from "./schedule-state.ts";
import { type StackHealth, stackFunctions } from "./stack-health.ts";
import { subscriptionsOf } from "./subscriptions.ts";

/** Returns what asks AWS about the stack `reprieve-<stage>`. */
export function stackProbes(stage: string, settings: ProbeSettings, clock: () => number): StackHealth {
  const name = `reprieve-${stage}`;
  const now = async () => await awsTime(settings, clock);
  const describe = async () => {
    const request = new DescribeStacksCommand({ StackName: name });
    return (await new CloudFormationClient(settings).send(request)).Stacks?.[0];
  };
  const parameter = async (key: string) =>
    (await describe())?.Parameters?.find(({ ParameterKey }) => ParameterKey === key)?.ParameterValue;
  return {
    functions: async () => {
      const lambda = new LambdaClient(settings);
      const isReserved = (await parameter("ReservedConcurrency")) !== "off";
      const asked = Object.entries(stackFunctions).map(async ([each, { queue, reserved }]) => {
        const wanted = isReserved ? reserved : undefined;
        return await functionHealth(lambda, `${name}-${each}`, each, { queue, wanted });
      });
      return await Promise.all(asked);
    },
    scheduleState: async () => await scheduleState(`${name}-sweep`, settings, await now()),
    secretsSet: async () => {
      const client = new SecretsManagerClient(settings);
      const asked = ["slack-signing-secret", "slack-bot-token"].map(async (secret) => {
        const request = new DescribeSecretCommand({ SecretId: `reprieve/${stage}/${secret}` });
        const { VersionIdsToStages = {} } = await client.send(request);
        return [secret, Object.values(VersionIdsToStages).flat().includes("AWSCURRENT")] as const;
      });
      return Object.fromEntries(await Promise.all(asked));
    },
    tableIsProtected: async () => {
      const request = new DescribeTableCommand({ TableName: `${name}-cases` });
      return (await new DynamoDBClient(settings).send(request)).Table?.DeletionProtectionEnabled === true;
    },
    keyState: async () => {
      const request = new DescribeKeyCommand({ KeyId: `alias/${name}` });
      return (await new KMSClient(settings).send(request)).KeyMetadata?.KeyState ?? "unknown";
    },
    recentFigures: async () => {
      const monitoring = (await parameter("Monitoring")) === "slim" ? "slim" : "full";
      return await recentFigures(new CloudWatchClient(settings), { stackName: name, monitoring, now: await now() });
    },
    audience: async () => {
      const stack = await describe();
      const [, partition = "aws", , region = settings.region, account = ""] = (stack?.StackId ?? "").split(":");
      const sns = new SNSClient(settings);
      const topic = async (each: string) =>
        await subscriptionsOf(sns, `arn:${partition}:sns:${region}:${account}:${name}-${each}`);
      const [alarms, tamper, notices] = [await topic("alarms"), await topic("tamper"), await topic("notices")];
      const channel = stack?.Parameters?.find(({ ParameterKey }) => ParameterKey === "SlackChannel")?.ParameterValue;
      return { alarms, tamper, notices, slackChannel: channel === "none" ? undefined : channel };
    },
    deployedPolicy: async () => {
      const stack = await describe();
      return { mode: outputOf(stack, "PolicyMode") ?? "unknown", hash: outputOf(stack, "PolicyHash") ?? "unknown" };
    },
    apiUrl: async () => outputOf(await describe(), "HttpApiUrl"),
  };
}

function outputOf(stack: Stack | undefined, key: string): string | undefined {
  return stack?.Outputs?.find(({ OutputKey }) => OutputKey === key)?.OutputValue;
}
