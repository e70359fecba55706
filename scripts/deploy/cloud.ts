import { setTimeout as sleep } from "node:timers/promises";
import { CloudFormationClient, DescribeStacksCommand, GetTemplateCommand } from "@aws-sdk/client-cloudformation";
import {
  CloudTrailClient,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
} from "@aws-sdk/client-cloudtrail";
import { ListKeysCommand, PaymentCryptographyClient } from "@aws-sdk/client-payment-cryptography";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { previewChanges, type ResourceChange } from "./change-set.ts";

/** A trail that covers the region. */
export interface Trail {
  readonly name: string;
  readonly logging: boolean;
  /** Whether it logs management events that write, of every service; undefined when that could not be read. */
  readonly managementWrites?: boolean;
}

/** What a deployment has to know of the account. Every call throws what AWS answers. */
export interface Cloud {
  /** Account and ARN of whoever deploys. */
  readonly caller: () => Promise<{ readonly account: string; readonly arn: string }>;
  /** Asks Payment Cryptography for one key. */
  readonly askForKeys: () => Promise<void>;
  readonly trails: () => Promise<readonly Trail[]>;
  /** The template of a stack that is there, or undefined. */
  readonly template: (stackName: string) => Promise<string | undefined>;
  /** What an update of a stack to a template would do, as CloudFormation says. */
  readonly changes: (stackName: string, template: string) => Promise<readonly ResourceChange[]>;
  /** The URL of a stack's HTTP API, or `URL` where it tells none. */
  readonly endpoint: (stackName: string) => Promise<string>;
  readonly bucketExists: (name: string) => Promise<boolean>;
}

/** The account behind the AWS credentials of this machine, in `region`. */
export function createCloud(region: string): Cloud {
  const settings = { region, maxAttempts: 2 };
  const formation = new CloudFormationClient(settings);
  return {
    caller: async () => {
      const { Account = "", Arn = "" } = await new STSClient(settings).send(new GetCallerIdentityCommand({}));
      return { account: Account, arn: Arn };
    },
    askForKeys: async () => {
      await new PaymentCryptographyClient(settings).send(new ListKeysCommand({ MaxResults: 1 }));
    },
    trails: async () => await trailsIn(new CloudTrailClient(settings)),
    template: async (StackName) => {
      try {
        await formation.send(new DescribeStacksCommand({ StackName }));
      } catch (error) {
        if (error instanceof Error && /does not exist/.test(error.message)) return undefined;
        throw error;
      }
      return (await formation.send(new GetTemplateCommand({ StackName }))).TemplateBody;
    },
    changes: async (stackName, template) => await previewChanges(formation, stackName, template, sleep),
    endpoint: async (StackName) => {
      const { Stacks = [] } = await formation.send(new DescribeStacksCommand({ StackName }));
      return Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === "HttpApiUrl")?.OutputValue ?? "URL";
    },
    // Anybody may ask: 404 says that the name is free.
    bucketExists: async (name) =>
      (await fetch(`https://${name}.s3.${region}.amazonaws.com/`, { method: "HEAD" })).status !== 404,
  };
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
    const of = (field: string) => FieldSelectors.find(({ Field }) => Field === field);
    const writes = of("readOnly")?.Equals?.includes("true") !== true;
    return of("eventCategory")?.Equals?.includes("Management") === true && writes;
  });
  return basic || advanced;
}
