import type { StackSettings } from "./settings.ts";
import type { StageFile } from "./stage-file.ts";

interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface Policy {
  readonly Version: string;
  readonly Statement: readonly Statement[];
}

/**
 * Returns the IAM policy of the role as which CloudFormation acts: that of the pipeline, or of `cloudFormationRole`. For every place of the stage's file. With a
 * boundary it makes no role without it, and changes none.
 */
export function ciPolicy({ stage, places, settings }: StageFile): Policy {
  const accounts = [...new Set(places.map(({ account }) => account))];
  const name = `reprieve-${stage}`;
  const inPlaces = (service: string, resources: readonly string[]) =>
    places.flatMap(({ account, region }) => resources.map((each) => `arn:aws:${service}:${region}:${account}:${each}`));
  const inAccounts = (service: string, resources: readonly string[]) =>
    accounts.flatMap((account) => resources.map((each) => `arn:aws:${service}::${account}:${each}`));
  return {
    Version: "2012-10-17",
    Statement: [
      allow("Looks", looking, ["*"]),
      allow("Stack", ["cloudformation:*"], inPlaces("cloudformation", [`stack/${name}/*`])),
      ...roleStatements(settings, inAccounts("iam", [`role${settings.rolePath}${name}-*`])),
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

const allow = (Sid: string, Action: readonly string[], Resource: readonly string[]): Statement => ({
  ...{ Sid, Effect: "Allow", Action, Resource },
});

function roleStatements({ permissionsBoundary }: StackSettings, roles: readonly string[]): readonly Statement[] {
  const free = allow("Roles", roleActions, roles);
  const changes = allow("RolePermissions", permissionActions, roles);
  if (permissionsBoundary === "none")
    return [free, { ...changes, Action: [...permissionActions, "iam:DeleteRolePermissionsBoundary"] }];
  const Condition = { StringEquals: { "iam:PermissionsBoundary": permissionsBoundary } };
  return [
    free,
    { ...changes, Condition },
    allow("Boundary", ["iam:GetPolicy", "iam:GetPolicyVersion"], [permissionsBoundary]),
  ];
}

/** Returns the IAM policy of a pipeline that leaves all else to `cloudFormationRole`: it starts CloudFormation, uploads, and looks. */
export function startingPolicy({ stage, places, settings }: StageFile): Policy {
  const name = `reprieve-${stage}`;
  const stacks = places.map(({ account, region }) => `arn:aws:cloudformation:${region}:${account}:stack/${name}/*`);
  const Condition = { StringEquals: { "iam:PassedToService": "cloudformation.amazonaws.com" } };
  return {
    Version: "2012-10-17",
    Statement: [
      allow("Looks", looking, ["*"]),
      allow("Stack", ["cloudformation:*"], stacks),
      { ...allow("PassesRole", ["iam:PassRole"], [settings.cloudFormationRole]), Condition },
      allow("Uploads", ["s3:*"], [`arn:aws:s3:::${name}-serverlessdeploymentbucket-*`]),
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
  ...named("iam", "GetRole SimulatePrincipalPolicy GetPolicy GetPolicyVersion SimulateCustomPolicy"),
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
  "DeleteRole GetRole GetRolePolicy PassRole UpdateRole UpdateRoleDescription UpdateAssumeRolePolicy TagRole UntagRole ListRolePolicies ListAttachedRolePolicies ListRoleTags",
);
/** What gives a role permissions: calls that carry the role's boundary. */
const permissionActions = named(
  "iam",
  "CreateRole PutRolePolicy DeleteRolePolicy AttachRolePolicy DetachRolePolicy PutRolePermissionsBoundary",
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
