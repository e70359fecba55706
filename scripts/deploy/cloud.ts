import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { CloudFormationClient, DescribeStacksCommand, GetTemplateCommand } from "@aws-sdk/client-cloudformation";
import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { PaymentCryptographyClient } from "@aws-sdk/client-payment-cryptography";
import { S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { callTimeouts } from "../../cli/stack/call-timeouts.ts";
import type { Credentials } from "../sealed-environment.ts";
import { accountState, type CallContext, type IntendedCall, type KmsKey, type Leftover } from "./account-state.ts";
import { type ChangeSetPreview, previewChanges } from "./change-set.ts";
import { countKeys, type KeyCount } from "./count-keys.ts";
import { protectTable } from "./protect-table.ts";
import type { Described } from "./setting-changes.ts";
import type { StackOptions } from "./settings.ts";
import { templateUpload } from "./template-upload.ts";
import { type Trail, trailsIn } from "./trails.ts";

/** What a deployment has to know of the account. Every call throws what AWS answers. */
export interface Cloud {
  /** Account and ARN of the caller. */
  readonly caller: () => Promise<{ readonly account: string; readonly arn: string }>;
  /** Counts payment keys, with so many calls at most. */
  readonly countKeys: (maxCalls: number) => Promise<KeyCount>;
  readonly trails: () => Promise<readonly Trail[]>;
  /** A stack that is there, or undefined. */
  readonly stack: (stackName: string) => Promise<DeployedStack | undefined>;
  readonly template: (stackName: string) => Promise<string>;
  /** What an update of a stack to a template would do, as CloudFormation says. */
  readonly changes: (
    stackName: string,
    stack: DeployedStack,
    template: string,
    options: StackOptions,
  ) => Promise<ChangeSetPreview>;
  readonly bucketExists: (name: string) => Promise<boolean>;
  /** Function executions at a time that nobody has reserved. */
  readonly unreservedConcurrency: () => Promise<number>;
  /** The stages whose stacks are in this account and region. */
  readonly stages: () => Promise<readonly string[]>;
  readonly kmsKey: (arn: string) => Promise<KmsKey>;
  /** What an earlier stack of the stage left under the names that a new one takes. */
  readonly leftovers: (stage: string, bucket: string) => Promise<readonly Leftover[]>;
  /** Those of the calls that a session, user or role may not make, as IAM simulates it. Throws for the account's root, which IAM does not simulate. */
  readonly deniedTo: (arn: string, calls: readonly IntendedCall[], context?: CallContext) => Promise<readonly string[]>;
  /** Those of the actions that a permissions boundary does not allow, as IAM simulates it. */
  readonly deniedByBoundary: (policyArn: string, actions: readonly string[]) => Promise<readonly string[]>;
  /** Switches on the protection of the table of a stack that was just created, and waits for it. */
  readonly protectTable: (stackName: string) => Promise<void>;
}

/** A stack with the values of its parameters and outputs. */
export interface DeployedStack extends Described {
  readonly status: string;
}

/** Where a cloud is, and as whom it is asked; without credentials, as this machine's AWS configuration says. */
export interface CloudAccess {
  readonly region: string;
  readonly credentials?: Credentials;
  /** An AWS emulator, instead of AWS. */
  readonly endpointUrl?: string;
}

/** Returns the account behind the credentials, in the region. */
export function createCloud({ region, credentials, endpointUrl }: CloudAccess): Cloud {
  const endpoint = endpointUrl !== undefined && { endpoint: endpointUrl };
  const settings = { region, maxAttempts: 2, ...(credentials && { credentials }), ...endpoint, ...callTimeouts };
  const formation = new CloudFormationClient(settings);
  const urlOf = (bucket: string, key: string) =>
    endpointUrl === undefined
      ? `https://${bucket}.s3.${region}.amazonaws.com/${key}`
      : `${endpointUrl}/${bucket}/${key}`;
  return {
    caller: async () => {
      const { Account = "", Arn = "" } = await new STSClient(settings).send(new GetCallerIdentityCommand({}));
      return { account: Account, arn: Arn };
    },
    countKeys: async (maxCalls) => await countKeys(new PaymentCryptographyClient(settings), maxCalls),
    trails: async () => await trailsIn(new CloudTrailClient(settings)),
    stack: async (StackName) => await describedStack(formation, StackName),
    template: async (StackName) => (await formation.send(new GetTemplateCommand({ StackName }))).TemplateBody ?? "",
    changes: async (stackName, { outputs }, template, options) => {
      const id = randomUUID();
      const storage = new S3Client({ ...settings, forcePathStyle: endpointUrl !== undefined });
      const bucket = outputs["ServerlessDeploymentBucketName"];
      const upload = templateUpload(storage, { bucket, key: `reprieve-preview/${id}.json`, urlOf });
      return await previewChanges({ client: formation, upload, pause: sleep, id, options }, stackName, template);
    },
    ...accountState({ ...settings, forcePathStyle: endpointUrl !== undefined }),
    bucketExists: async (name) => await isThere(urlOf(name, "")),
    protectTable: async (stackName) => await protectTable(formation, stackName, sleep),
  };
}

/** Anyone may ask for a bucket: 404 says that its name is free. Throws unless S3 answers the question. */
async function isThere(bucketUrl: string): Promise<boolean> {
  const signal = AbortSignal.timeout(callTimeouts.requestHandler.requestTimeout);
  const { status } = await fetch(bucketUrl, { method: "HEAD", signal });
  if (status === 429 || status >= 500) throw new Error(`S3 answered ${status}`);
  return status !== 404;
}

async function describedStack(client: CloudFormationClient, StackName: string): Promise<DeployedStack | undefined> {
  try {
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName }));
    if (stack === undefined) throw new Error(`CloudFormation describes no stack \`${StackName}\``);
    const { StackStatus = "unknown", Parameters = [], Outputs = [], Tags = [], RoleARN = "none" } = stack;
    const parameters = Parameters.map(({ ParameterKey = "", ParameterValue = "" }) => [ParameterKey, ParameterValue]);
    const outputs = Outputs.map(({ OutputKey = "", OutputValue = "" }) => [OutputKey, OutputValue]);
    return {
      status: StackStatus,
      parameters: Object.fromEntries(parameters),
      outputs: Object.fromEntries(outputs),
      tags: Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value])),
      role: RoleARN,
    };
  } catch (error) {
    const absent = error instanceof Error && error.name === "ValidationError" && /does not exist/.test(error.message);
    if (absent) return undefined;
    throw error;
  }
}
