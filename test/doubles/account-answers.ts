import type { Answers, FakeCall } from "./fake-aws.ts";

const account = "111122223333";
const identity = (id: string) => ({ xml: `<Account>${id}</Account><Arn>arn:aws:iam::${id}:user/alice</Arn>` });

/** An account that is ready for a first deployment by the key AKIDRIGHT; every other key belongs to another account. */
export const readyAccount: Answers = {
  GetCallerIdentity: ({ accessKey }) => identity(accessKey === "AKIDRIGHT" ? account : "999999999999"),
  ListKeys: () => ({ json: { Keys: [] } }),
  DescribeTrails: () => ({
    json: { trailList: [{ Name: "org", TrailARN: "arn:aws:cloudtrail:us-east-1:1:trail/org" }] },
  }),
  GetTrailStatus: () => ({ json: { IsLogging: true } }),
  GetEventSelectors: () => ({
    json: { EventSelectors: [{ IncludeManagementEvents: true, ReadWriteType: "All" }] },
  }),
  DescribeStacks: () => ({
    ...{ status: 400, code: "ValidationError", message: "Stack with id reprieve-prod does not exist" },
  }),
  DescribeTable: () => ({ status: 400, code: "ResourceNotFoundException", message: "no such table" }),
  ListSecrets: () => ({ json: { SecretList: [] } }),
  ListEventBuses: () => ({ json: { EventBuses: [{ Name: "reprieve-prod" }] } }),
  GetPolicy: () => ({ xml: "<Policy><DefaultVersionId>v3</DefaultVersionId></Policy>" }),
  GetPolicyVersion: () => ({ xml: "<PolicyVersion><Document>%7B%7D</Document></PolicyVersion>" }),
  SimulateCustomPolicy: (call) => ({ xml: simulated(call, () => true) }),
  GetRole: () => ({ xml: `<Role><Arn>arn:aws:iam::${account}:role/ci/deployer</Arn></Role>` }),
  SimulatePrincipalPolicy: (call) => ({ xml: simulated(call, () => true) }),
  "HEAD S3": () => ({ status: 404, code: "NotFound", message: "not found" }),
  "GET S3": ({ path }) =>
    path.endsWith("/account-settings/") || path.endsWith("/account-settings")
      ? { json: { AccountLimit: { UnreservedConcurrentExecutions: 1000 } } }
      : { status: 404, code: "NotFound", message: path },
};

/** IAM's answer to a simulation: a result for each action on each resource. */
export function simulated({ body }: FakeCall, isAllowed: (action: string) => boolean): string {
  const values = [...new URLSearchParams(body)];
  const listed = (name: string) => values.flatMap(([key, value]) => (key.startsWith(`${name}.member`) ? [value] : []));
  const resources = listed("ResourceArns");
  const results = listed("ActionNames").flatMap((action) =>
    (resources.length === 0 ? ["*"] : resources).map((resource) => {
      const decision = isAllowed(action) ? "allowed" : "implicitDeny";
      return `<member><EvalActionName>${action}</EvalActionName><EvalResourceName>${resource}</EvalResourceName><EvalDecision>${decision}</EvalDecision></member>`;
    }),
  );
  return `<EvaluationResults>${results.join("")}</EvaluationResults>`;
}
