import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { CloudFormationClient, DescribeStacksCommand, GetTemplateCommand } from "@aws-sdk/client-cloudformation";
import {
  CloudTrailClient,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
} from "@aws-sdk/client-cloudtrail";
import { ListKeysCommand, PaymentCryptographyClient } from "@aws-sdk/client-payment-cryptography";
import { S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { Credentials } from "../sealed-environment.ts";
import { type ChangeSetPreview, previewChanges } from "./change-set.ts";
import type { Described } from "./setting-changes.ts";
import { templateUpload } from "./template-upload.ts";

/** A trail that covers the region. */
export interface Trail {
  readonly name: string;
  readonly logging: boolean;
  /** Whether it logs management events that write, of every service; undefined when that could not be read. */
  readonly managementWrites?: boolean;
}

/** What a deployment has to know of the account. Every call throws what AWS answers. */
export interface Cloud {
  /** Account and ARN of the caller. */
  readonly caller: () => Promise<{ readonly account: string; readonly arn: string }>;
  /** Asks Payment Cryptography for one key. */
  readonly askForKeys: () => Promise<void>;
  readonly trails: () => Promise<readonly Trail[]>;
  /** A stack that is there, or undefined. */
  readonly stack: (stackName: string) => Promise<DeployedStack | undefined>;
  readonly template: (stackName: string) => Promise<string>;
  /** What an update of a stack to a template would do, as CloudFormation says. */
  readonly changes: (stackName: string, stack: DeployedStack, template: string) => Promise<ChangeSetPreview>;
  readonly bucketExists: (name: string) => Promise<boolean>;
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
  const settings = { region, maxAttempts: 2, ...(credentials && { credentials }), ...endpoint };
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
    askForKeys: async () => {
      await new PaymentCryptographyClient(settings).send(new ListKeysCommand({ MaxResults: 1 }));
    },
    trails: async () => await trailsIn(new CloudTrailClient(settings)),
    stack: async (StackName) => await describedStack(formation, StackName),
    template: async (StackName) => (await formation.send(new GetTemplateCommand({ StackName }))).TemplateBody ?? "",
    changes: async (stackName, { outputs }, template) => {
      const id = randomUUID();
      const storage = new S3Client({ ...settings, forcePathStyle: endpointUrl !== undefined });
      const bucket = outputs["ServerlessDeploymentBucketName"];
      const upload = templateUpload(storage, { bucket, key: `reprieve-preview/${id}.json`, urlOf });
      return await previewChanges({ client: formation, upload, pause: sleep, id }, stackName, template);
    },
    // Anyone may ask: 404 says that the name is free.
    bucketExists: async (name) => (await fetch(urlOf(name, ""), { method: "HEAD" })).status !== 404,
  };
}

async function describedStack(client: CloudFormationClient, StackName: string): Promise<DeployedStack | undefined> {
  try {
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName }));
    if (stack === undefined) throw new Error(`CloudFormation describes no stack \`${StackName}\``);
    const { StackStatus = "unknown", Parameters = [], Outputs = [] } = stack;
    const parameters = Parameters.map(({ ParameterKey = "", ParameterValue = "" }) => [ParameterKey, ParameterValue]);
    const outputs = Outputs.map(({ OutputKey = "", OutputValue = "" }) => [OutputKey, OutputValue]);
    return {
      status: StackStatus,
      parameters: Object.fromEntries(parameters),
      outputs: Object.fromEntries(outputs),
    };
  } catch (error) {
    const absent = error instanceof Error && error.name === "ValidationError" && /does not exist/.test(error.message);
    if (absent) return undefined;
    throw error;
  }
}

async function trailsIn(client: CloudTrailClient): Promise<readonly Trail[]> {
  const { trailList = [] } = await client.send(new DescribeTrailsCommand({ includeShadowTrails: true }));
  return await Promise.all(
    trailList.map(async ({ Name = "", TrailARN }) => {
      const { IsLogging = false } = await client.send(new GetTrailStatusCommand({ Name: TrailARN ?? Name }));
      const managementWrites = await logsManagementWrites(client, TrailARN ?? Name).catch(() => undefined);
      return { name: Name, logging: IsLogging, ...(managementWrites !== undefined && { managementWrites }) };
    }),
  );
}

async function logsManagementWrites(client: CloudTrailClient, TrailName: string): Promise<boolean> {
  const selectors = await client.send(new GetEventSelectorsCommand({ TrailName }));
  const basic = (selectors.EventSelectors ?? []).some(
    ({ IncludeManagementEvents, ReadWriteType, ExcludeManagementEventSources = [] }) =>
      IncludeManagementEvents === true &&
      ReadWriteType !== "ReadOnly" &&
      !ExcludeManagementEventSources.includes("payment-cryptography.amazonaws.com"),
  );
  const advanced = (selectors.AdvancedEventSelectors ?? []).some(({ FieldSelectors = [] }) => {
    const selectorFor = (field: string) => FieldSelectors.find(({ Field }) => Field === field);
    const writes = selectorFor("readOnly")?.Equals?.includes("true") !== true;
    return selectorFor("eventCategory")?.Equals?.includes("Management") === true && writes;
  });
  return basic || advanced;
}
