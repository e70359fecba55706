import {
  type CloudTrailClient,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
} from "@aws-sdk/client-cloudtrail";

/** A trail that covers the region. */
export interface Trail {
  readonly name: string;
  /** Undefined for a trail that was not looked at. */
  readonly logging?: boolean;
  /** Whether it logs management events that write, of every service; undefined when that could not be read. */
  readonly managementWrites?: boolean;
}

/** Each takes two calls; an account may have five, and one that works is enough. */
const lookedAt = 2;

/** Returns the trails of the region, looked at one after another until one works. */
export async function trailsIn(client: CloudTrailClient): Promise<readonly Trail[]> {
  const { trailList = [] } = await client.send(new DescribeTrailsCommand({ includeShadowTrails: true }));
  const trails: Trail[] = [];
  for (const { Name = "", TrailARN = Name } of trailList) {
    const isEnough = trails.length >= lookedAt || trails.some(works);
    trails.push(isEnough ? { name: Name } : await trailOf(client, Name, TrailARN));
  }
  return trails;
}

/** Tells whether events of the control plane reach EventBridge by this trail. */
export function works({ logging, managementWrites }: Trail): boolean {
  return logging === true && managementWrites === true;
}

async function trailOf(client: CloudTrailClient, name: string, arn: string): Promise<Trail> {
  const { IsLogging = false } = await client.send(new GetTrailStatusCommand({ Name: arn }));
  const managementWrites = await logsManagementWrites(client, arn).catch(() => undefined);
  return { name, logging: IsLogging, ...(managementWrites !== undefined && { managementWrites }) };
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
