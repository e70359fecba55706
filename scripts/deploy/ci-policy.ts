import type { IntendedCall } from "./denied-calls.ts";
import type { DeployPlace, StageFile } from "./stage-file.ts";

interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
}

/** Returns the IAM policy that a role needs to deploy the stage from a pipeline, to every place of its file. */
export function ciPolicy({ stage, places }: StageFile): {
  readonly Version: string;
  readonly Statement: readonly Statement[];
} {
  const accounts = [...new Set(places.map(({ account }) => account))];
  const name = `reprieve-${stage}`;
  const inPlaces = (service: string, resources: readonly string[]) =>
    places.flatMap(({ account, region }) => resources.map((each) => `arn:aws:${service}:${region}:${account}:${each}`));
  const inAccounts = (service: string, resources: readonly string[]) =>
    accounts.flatMap((account) => resources.map((each) => `arn:aws:${service}::${account}:${each}`));
  const allow = (Sid: string, Action: readonly string[], Resource: readonly string[]): Statement => ({
    ...{ Sid, Effect: "Allow", Action, Resource },
  });
  return {
    Version: "2012-10-17",
    Statement: [
      allow("Looks", looking, ["*"]),
      allow("Stack", ["cloudformation:*"], inPlaces("cloudformation", [`stack/${name}/*`])),
      allow("Roles", roleActions, inAccounts("iam", [`role/${name}-*`])),
      allow("Functions", ["lambda:*"], inPlaces("lambda", [`function:${name}-*`])),
      allow("Mappings", mappingActions, ["*"]),
      allow("Queues", ["sqs:*"], inPlaces("sqs", [`${name}-*`])),
      allow("Topics", ["sns:*"], inPlaces("sns", [`${name}-*`])),
      allow("Table", tableActions, inPlaces("dynamodb", [`table/${name}-cases`])),
      allow("Rules", ["events:*"], inPlaces("events", [`rule/${name}*`, `event-bus/${name}`])),
      allow("Schedule", ["scheduler:*"], inPlaces("scheduler", [`schedule/default/${name}-sweep`])),
      allow("Secrets", secretActions, inPlaces("secretsmanager", [`secret:reprieve/${stage}/*`])),
      allow("Buckets", ["s3:*"], [`arn:aws:s3:::${name}-*`, `arn:aws:s3:::${name}-*/*`]),
      allow("Alarms", alarmActions, inPlaces("cloudwatch", [`alarm:${name}-*`])),
      allow("Dashboard", dashboardActions, inAccounts("cloudwatch", [`dashboard/${name}-*`])),
      allow(
        "Logs",
        ["logs:*"],
        inPlaces("logs", [`log-group:/aws/lambda/${name}-*`, `log-group:/aws/http-api/${name}*`]),
      ),
      allow("LogDelivery", deliveryActions, ["*"]),
      // A key has no name before it is made, and an API has an id.
      allow("Key", keyActions, ["*"]),
      allow(
        "Api",
        ["apigateway:*"],
        places.map(({ region }) => `arn:aws:apigateway:${region}::/*`),
      ),
    ],
  };
}

const named = (service: string, actions: string) => actions.split(" ").map((action) => `${service}:${action}`);

/** What the checks before a deployment, and verify-deployment, ask. */
export const looking: readonly string[] = [
  ...named("cloudformation", "DescribeStacks GetTemplate ValidateTemplate"),
  ...named("cloudtrail", "DescribeTrails GetTrailStatus GetEventSelectors"),
  ...named("cloudwatch", "DescribeAlarms GetMetricData"),
  ...named("dynamodb", "DescribeTable"),
  ...named("events", "ListEventBuses DescribeRule"),
  ...named("iam", "GetRole SimulatePrincipalPolicy"),
  ...named("kms", "DescribeKey"),
  ...named("lambda", "GetAccountSettings GetFunctionConcurrency ListEventSourceMappings"),
  ...named("payment-cryptography", "ListKeys"),
  ...named("scheduler", "GetSchedule"),
  ...named("secretsmanager", "ListSecrets DescribeSecret"),
  ...named("sns", "ListSubscriptionsByTopic"),
  ...named("sts", "GetCallerIdentity"),
];

const roleActions = named(
  "iam",
  "CreateRole DeleteRole GetRole GetRolePolicy PassRole PutRolePolicy DeleteRolePolicy AttachRolePolicy DetachRolePolicy UpdateRole UpdateRoleDescription UpdateAssumeRolePolicy TagRole UntagRole ListRolePolicies ListAttachedRolePolicies ListRoleTags PutRolePermissionsBoundary",
);
const mappingActions = named(
  "lambda",
  "CreateEventSourceMapping UpdateEventSourceMapping DeleteEventSourceMapping GetEventSourceMapping ListTags TagResource UntagResource",
);
const tableActions = named(
  "dynamodb",
  "CreateTable UpdateTable DeleteTable DescribeTable DescribeContinuousBackups UpdateContinuousBackups DescribeTimeToLive DescribeContributorInsights DescribeKinesisStreamingDestination PutResourcePolicy GetResourcePolicy DeleteResourcePolicy TagResource UntagResource ListTagsOfResource",
);
const secretActions = named(
  "secretsmanager",
  "CreateSecret UpdateSecret DeleteSecret DescribeSecret PutSecretValue PutResourcePolicy GetResourcePolicy DeleteResourcePolicy ValidateResourcePolicy TagResource UntagResource",
);
const alarmActions = named(
  "cloudwatch",
  "PutMetricAlarm DeleteAlarms DescribeAlarms EnableAlarmActions TagResource UntagResource ListTagsForResource",
);
const dashboardActions = named("cloudwatch", "PutDashboard GetDashboard DeleteDashboards");
const deliveryActions = named(
  "logs",
  "CreateLogDelivery GetLogDelivery UpdateLogDelivery DeleteLogDelivery ListLogDeliveries PutResourcePolicy DescribeResourcePolicies DescribeLogGroups",
);
const keyActions = named(
  "kms",
  "CreateKey CreateAlias UpdateAlias DeleteAlias DescribeKey PutKeyPolicy GetKeyPolicy EnableKeyRotation GetKeyRotationStatus ListResourceTags TagResource UntagResource ScheduleKeyDeletion CreateGrant Encrypt Decrypt GenerateDataKey UpdateKeyDescription",
);

/** Returns one call for each kind of resource that a first deployment makes: without the permission for one of them it fails halfway. */
export function creatingCalls({
  stage,
  account,
  region,
}: Pick<DeployPlace, "account" | "region"> & { readonly stage: string }): readonly IntendedCall[] {
  const name = `reprieve-${stage}`;
  const here = (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`;
  return Object.entries({
    "cloudformation:CreateStack": here("cloudformation", `stack/${name}/*`),
    "iam:CreateRole": `arn:aws:iam::${account}:role/${name}-guard-${region}`,
    "iam:PassRole": `arn:aws:iam::${account}:role/${name}-guard-${region}`,
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
