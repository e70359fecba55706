import type { IntendedCall } from "./denied-calls.ts";
import type { DeployPlace } from "./stage-file.ts";

/** Where calls are made, and with which settings. */
type CallPlace = Pick<DeployPlace, "account" | "region" | "settings"> & { readonly stage: string };

/** Returns one call for each kind of resource that a first deployment makes: without the permission for one of them it fails halfway. */
export function creatingCalls({ stage, account, region, settings }: CallPlace): readonly IntendedCall[] {
  const name = `reprieve-${stage}`;
  const here = (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`;
  return Object.entries({
    "cloudformation:CreateStack": here("cloudformation", `stack/${name}/*`),
    "iam:CreateRole": `arn:aws:iam::${account}:role${settings.rolePath}${name}-guard-${region}`,
    "iam:PassRole": `arn:aws:iam::${account}:role${settings.rolePath}${name}-guard-${region}`,
    "lambda:CreateFunction": here("lambda", `function:${name}-guard`),
    "lambda:CreateEventSourceMapping": "*",
    "sqs:CreateQueue": here("sqs", `${name}-guard`),
    "sns:CreateTopic": here("sns", `${name}-alarms`),
    "dynamodb:CreateTable": here("dynamodb", `table/${name}-cases`),
    "events:CreateEventBus": here("events", `event-bus/${name}`),
    "events:PutRule": here("events", `rule/${name}-delete-key`),
    "scheduler:CreateSchedule": here("scheduler", `schedule/default/${name}-sweep`),
    "secretsmanager:CreateSecret": here("secretsmanager", `secret:reprieve/${stage}/slack-bot-token`),
    "s3:CreateBucket": `arn:aws:s3:::${name}-audit-${account}-${region}`,
    "cloudwatch:PutMetricAlarm": here("cloudwatch", `alarm:${name}-keys-at-risk`),
    "cloudwatch:PutDashboard": `arn:aws:cloudwatch::${account}:dashboard/${name}-${region}`,
    "logs:CreateLogGroup": here("logs", `log-group:/aws/lambda/${name}-guard`),
    "kms:CreateKey": "*",
    "apigateway:POST": `arn:aws:apigateway:${region}::/apis`,
  }).map(([action, resource]) => ({ action, resource }));
}

const named = (service: string, actions: string) => actions.split(" ").map((action) => `${service}:${action}`);

/** What the roles of the stack allow their functions and schedule: a permissions boundary has to allow all of it. */
export const callingActions: readonly string[] = [
  ...named("cloudtrail", "LookupEvents"),
  ...named("dynamodb", "GetItem Query Scan UpdateItem"),
  ...named("events", "DescribeRule EnableRule ListTargetsByRule PutEvents"),
  ...named("kms", "CancelKeyDeletion DescribeKey EnableKey GetPublicKey Sign"),
  // The services ask with the role for the keys that encrypt table, secrets and audit bucket.
  ...named("kms", "CreateGrant Decrypt Encrypt GenerateDataKey"),
  ...named("lambda", "InvokeFunction InvokeFunctionUrl"),
  ...named("logs", "CreateLogStream PutLogEvents"),
  ...named("payment-cryptography", "GetKey ListAliases ListKeys ListTagsForResource RestoreKey StartKeyUsage"),
  ...named("payment-cryptography", "DeleteResourcePolicy GetResourcePolicy PutResourcePolicy"),
  ...named(
    "payment-cryptography",
    "AddKeyReplicationRegions CreateAlias GetAlias TagResource UntagResource UpdateAlias",
  ),
  ...named("s3", "GetObject ListBucket PutObject"),
  ...named("secretsmanager", "GetSecretValue"),
  ...named("sns", "Publish"),
  ...named("sqs", "ChangeMessageVisibility DeleteMessage GetQueueAttributes ReceiveMessage SendMessage"),
];
