import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { CloudWatchClient, DescribeAlarmsCommand, type MetricAlarm } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient, ScanCommand, type ScanCommandInput } from "@aws-sdk/client-dynamodb";
import { DescribeRuleCommand, EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { type ContextEntry, GetRoleCommand, IAMClient, SimulatePrincipalPolicyCommand } from "@aws-sdk/client-iam";
import { DeleteKeyCommand, PaymentCryptographyClient } from "@aws-sdk/client-payment-cryptography";
import { ListSubscriptionsByTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { hourMs } from "../../lib/domain/time.ts";
import type { CloudAccess } from "./cloud.ts";

/** What `verify-deployment` looks at. Every call throws what AWS answers. */
export interface RunningStack {
  readonly ruleState: (rule: RuleName) => Promise<string>;
  /** Those of the actions that a function's role may not do on payment keys, as IAM simulates it, organization and boundary included. */
  readonly deniedTo: (name: "guard" | "sweep", actions: readonly string[]) => Promise<readonly string[]>;
  /** Alarms of the stack: how many there are, and which of them ring. */
  readonly alarms: () => Promise<{ readonly count: number; readonly ringing: readonly string[] }>;
  /** Who learns of what happens. */
  readonly audience: () => Promise<Audience>;
  /** Calls DeleteKey on a key that does not exist; answers the error's name. */
  readonly deleteNothing: (keyArn: string) => Promise<string>;
  /** Whether the guard has recorded a failed call on `keyArn` in the hours since `since` (ms). */
  readonly hasRecorded: (keyArn: string, since: number) => Promise<boolean>;
}

/** The rules of the stack; see `isOnOwnBus`. */
export const ruleNames = [
  ...(["delete-key", "service-event", "re-evaluate", "announce", "lock-out"] as const),
  ...(["tamper-rules", "tamper-watch", "tamper-functions", "tamper-queues", "tamper-records", "tamper-key"] as const),
  ...([
    "tamper-trail",
    "tamper-alarms",
    "tamper-secrets",
    "tamper-secret-reads",
    "tamper-stack",
    "tamper-api",
  ] as const),
] as const;
export type RuleName = (typeof ruleNames)[number];

/** Tells whether a rule is on the stack's own bus, and not on the account's. */
export function isOnOwnBus(rule: RuleName): boolean {
  return rule === "re-evaluate" || rule === "announce" || rule === "lock-out";
}

/** Subscriptions of the stack's topics, and its Slack channel. */
export interface Audience {
  readonly alarms: Subscriptions;
  /** Of changes of the guard itself. */
  readonly tamper: Subscriptions;
  readonly notices: Subscriptions;
  readonly slackChannel: string | undefined;
}

/** How many were confirmed by the person who gets the mail, and how many wait for it. */
interface Subscriptions {
  readonly confirmed: number;
  readonly pending: number;
}

/** Returns the stack `reprieve-<stage>` where `access` says. */
export function createRunningStack(stage: string, { region, credentials, endpointUrl }: CloudAccess): RunningStack {
  const endpoint = endpointUrl !== undefined && { endpoint: endpointUrl };
  const settings = { region, maxAttempts: 2, ...(credentials && { credentials }), ...endpoint };
  const name = `reprieve-${stage}`;
  const store = new DynamoDBClient(settings);
  const keys = new PaymentCryptographyClient(settings);
  return {
    ruleState: async (rule) => {
      const request = { Name: `${name}-${rule}`, ...(isOnOwnBus(rule) && { EventBusName: name }) };
      return (await new EventBridgeClient(settings).send(new DescribeRuleCommand(request))).State ?? "none";
    },
    deniedTo: async (role, actions) => {
      const iam = new IAMClient(settings);
      const { Role } = await iam.send(new GetRoleCommand({ RoleName: `${name}-${role}-${region}` }));
      const [, partition = "aws", , , account = ""] = (Role?.Arn ?? "").split(":");
      const ResourceArns = [`arn:${partition}:payment-cryptography:${region}:${account}:key/verifydeployment0`];
      // The role's permissions hold for calls by its function's own code alone.
      const ContextEntries: ContextEntry[] = [
        {
          ContextKeyName: "lambda:SourceFunctionArn",
          ContextKeyType: "string",
          ContextKeyValues: [`arn:${partition}:lambda:${region}:${account}:function:${name}-${role}`],
        },
      ];
      const request = { PolicySourceArn: Role?.Arn, ActionNames: [...actions], ResourceArns, ContextEntries };
      const { EvaluationResults = [] } = await iam.send(new SimulatePrincipalPolicyCommand(request));
      return EvaluationResults.filter(({ EvalDecision }) => EvalDecision !== "allowed").flatMap(
        ({ EvalActionName }) => EvalActionName ?? [],
      );
    },
    alarms: async () => {
      const request = new DescribeAlarmsCommand({ AlarmNamePrefix: `${name}-`, MaxRecords: 100 });
      const { MetricAlarms = [] } = await new CloudWatchClient(settings).send(request);
      // That no sweep runs is no ALARM but missing data (resources/alarms.yml).
      const rings = ({ AlarmName, StateValue }: MetricAlarm) =>
        StateValue === "ALARM" || (StateValue === "INSUFFICIENT_DATA" && AlarmName === `${name}-sweep-not-run`);
      const ringing = MetricAlarms.filter(rings).map(({ AlarmName = "" }) => AlarmName);
      return { count: MetricAlarms.length, ringing };
    },
    audience: async () => {
      const { Stacks: [stack] = [] } = await new CloudFormationClient(settings).send(
        new DescribeStacksCommand({ StackName: name }),
      );
      const [, partition = "aws", , , account = ""] = (stack?.StackId ?? "").split(":");
      const topic = (topicName: string) => `arn:${partition}:sns:${region}:${account}:${name}-${topicName}`;
      const channel = stack?.Parameters?.find(({ ParameterKey }) => ParameterKey === "SlackChannel")?.ParameterValue;
      const sns = new SNSClient(settings);
      return {
        alarms: await subscriptionsOf(sns, topic("alarms")),
        tamper: await subscriptionsOf(sns, topic("tamper")),
        notices: await subscriptionsOf(sns, topic("notices")),
        slackChannel: channel === "none" ? undefined : channel,
      };
    },
    deleteNothing: async (KeyIdentifier) => {
      try {
        await keys.send(new DeleteKeyCommand({ KeyIdentifier, DeleteKeyInDays: 180 }));
        return "none";
      } catch (error) {
        return error instanceof Error ? error.name : String(error);
      }
    },
    hasRecorded: async (keyArn, since) => {
      const request = {
        TableName: `${name}-cases`,
        FilterExpression: "begins_with(pk, :attempts) AND sk >= :since",
        ExpressionAttributeValues: {
          ":attempts": { S: "attempts#" },
          ":since": { N: String(Math.floor(since / hourMs)) },
        },
      };
      let from: ScanCommandInput["ExclusiveStartKey"];
      do {
        const page = await store.send(new ScanCommand({ ...request, ...(from && { ExclusiveStartKey: from }) }));
        if ((page.Items ?? []).some((item) => (item["attempts"]?.L ?? []).some(({ S = "" }) => S.includes(keyArn))))
          return true;
        from = page.LastEvaluatedKey;
      } while (from !== undefined);
      return false;
    },
  };
}

/** Counts the subscriptions of a topic. */
export async function subscriptionsOf(client: Pick<SNSClient, "send">, TopicArn: string): Promise<Subscriptions> {
  const arns: string[] = [];
  let next: string | undefined;
  do {
    const request = { TopicArn, ...(next !== undefined && { NextToken: next }) };
    const page = await client.send(new ListSubscriptionsByTopicCommand(request));
    arns.push(...(page.Subscriptions ?? []).map(({ SubscriptionArn = "" }) => SubscriptionArn));
    next = page.NextToken;
  } while (next !== undefined);
  // Of one that nobody has confirmed yet SNS tells `PendingConfirmation` in place of an ARN, and `Deleted` of one that is gone.
  return {
    confirmed: arns.filter((arn) => arn.startsWith("arn:")).length,
    pending: arns.filter((arn) => arn === "PendingConfirmation").length,
  };
}
