import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient, ScanCommand, type ScanCommandInput } from "@aws-sdk/client-dynamodb";
import { DescribeRuleCommand, EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { type ContextEntry, GetRoleCommand, IAMClient, SimulatePrincipalPolicyCommand } from "@aws-sdk/client-iam";
import { DeleteKeyCommand, PaymentCryptographyClient } from "@aws-sdk/client-payment-cryptography";
import { callTimeouts } from "../../cli/stack/call-timeouts.ts";
import { hourText } from "../../lib/domain/ledger/calls-name.ts";
import { type Alarm, alarmsNamed } from "./alarms.ts";
import type { CloudAccess } from "./cloud.ts";

/** What `verify-deployment` looks at. Every call throws what AWS answers. */
export interface RunningStack {
  readonly ruleState: (rule: RuleName) => Promise<string>;
  /** Those of the actions that a function's role may not do on payment keys, as IAM simulates it, organization and boundary included. */
  readonly deniedTo: (name: "guard" | "sweep", actions: readonly string[]) => Promise<readonly string[]>;
  /** Every alarm whose name begins as those of the stack do. */
  readonly alarms: () => Promise<readonly Alarm[]>;
  /** Calls DeleteKey on a key that does not exist; answers the error's name, and when (ms) by AWS's clock. */
  readonly deleteNothing: (keyArn: string) => Promise<Refused>;
  /** Whether the guard has recorded a failed call on `keyArn` at `since` (ms) or later. */
  readonly hasRecorded: (keyArn: string, since: number) => Promise<boolean>;
}

/** A call that AWS refused. */
export interface Refused {
  readonly error: string;
  /** ms since the epoch, by AWS's clock; undefined if the answer does not state it. */
  readonly at?: number;
}

/** The rules of the stack; see `isOnOwnBus`. */
export const ruleNames = [
  ...(["delete-key", "service-event", "re-evaluate", "announce", "alarm-state", "change", "lock-out"] as const),
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

/** Returns the stack `reprieve-<stage>` where `access` says. */
export function createRunningStack(stage: string, { region, credentials, endpointUrl }: CloudAccess): RunningStack {
  const endpoint = endpointUrl !== undefined && { endpoint: endpointUrl };
  const settings = { region, maxAttempts: 2, ...(credentials && { credentials }), ...endpoint, ...callTimeouts };
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
      // What IAM does not answer for is not allowed.
      const allowed = EvaluationResults.flatMap(({ EvalActionName, EvalDecision }) =>
        EvalDecision === "allowed" ? [EvalActionName] : [],
      );
      return actions.filter((action) => !allowed.includes(action));
    },
    alarms: async () => await alarmsNamed(new CloudWatchClient(settings), `${name}-`),
    deleteNothing: async (KeyIdentifier) => {
      try {
        await keys.send(new DeleteKeyCommand({ KeyIdentifier, DeleteKeyInDays: 180 }));
        return { error: "none" };
      } catch (error) {
        return refusedBy(error);
      }
    },
    hasRecorded: async (keyArn, since) => {
      const request = {
        TableName: `${name}-cases`,
        // Hours sort as text.
        FilterExpression: "begins_with(pk, :calls) AND pk >= :since",
        ExpressionAttributeValues: { ":calls": { S: "calls#" }, ":since": { S: `calls#${hourText(since)}` } },
      };
      let from: ScanCommandInput["ExclusiveStartKey"];
      do {
        const page = await store.send(new ScanCommand({ ...request, ...(from && { ExclusiveStartKey: from }) }));
        const entries = (page.Items ?? []).flatMap((item) => item["entries"]?.L ?? []);
        if (entries.some(({ S = "" }) => isRefusedCallOn(S, keyArn, since))) return true;
        from = page.LastEvaluatedKey;
      } while (from !== undefined);
      return false;
    },
  };
}

/** What an error of the SDK says of the answer: this machine's clock may be wrong. */
function refusedBy(error: unknown): Refused {
  if (!(error instanceof Error)) return { error: String(error) };
  const { $response } = error as { $response?: { headers?: Record<string, string | undefined> } };
  const at = Date.parse($response?.headers?.["date"] ?? "");
  return { error: error.name, ...(Number.isFinite(at) && { at }) };
}

/** Returns whether the text of an entry records a failed call on `keyArn` at `since` (ms) or later. */
export function isRefusedCallOn(text: string, keyArn: string, since: number): boolean {
  try {
    const { identifier, calledAt } = JSON.parse(text) as { readonly identifier?: unknown; readonly calledAt?: unknown };
    return identifier === keyArn && typeof calledAt === "number" && calledAt >= since;
  } catch {
    return false;
  }
}
