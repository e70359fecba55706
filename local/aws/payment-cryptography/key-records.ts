import { conflictError, notFoundError, validationError } from "./api-error.ts";

/** A key as the fake holds it: the fields of the API, times in epoch seconds. */
export interface KeyRecord {
  readonly KeyArn: string;
  readonly KeyAttributes: Readonly<Record<string, unknown>> & { readonly KeyUsage: string };
  readonly KeyCheckValue: string;
  readonly KeyCheckValueAlgorithm: string;
  readonly Exportable: boolean;
  readonly KeyOrigin: string;
  readonly CreateTimestamp: number;
  Enabled: boolean;
  KeyState: string;
  UsageStartTimestamp?: number;
  UsageStopTimestamp?: number;
  DeletePendingTimestamp?: number;
  DeleteTimestamp?: number;
  readonly MultiRegionKeyType?: "PRIMARY" | "REPLICA";
  readonly PrimaryRegion?: string;
}

/** Keys, tags and aliases of one account and region. */
export class KeyRecords {
  readonly keys = new Map<string, KeyRecord>();
  readonly tags = new Map<string, Map<string, string>>();
  /** Alias name -> key ARN, or undefined for an alias that points nowhere. */
  readonly aliases = new Map<string, string | undefined>();

  add(key: KeyRecord, tags: Readonly<Record<string, string>>): void {
    this.keys.set(key.KeyArn, key);
    this.tags.set(key.KeyArn, new Map(Object.entries(tags)));
  }

  /** The key that `identifier` (key ARN, alias, alias ARN) names; ResourceNotFoundException where there is none. */
  find(identifier: string): KeyRecord {
    const alias = /(?:^|:)(alias\/.+)$/.exec(identifier)?.[1];
    const key = this.keys.get(alias === undefined ? identifier : (this.aliases.get(alias) ?? ""));
    if (key === undefined) throw notFoundError(identifier);
    return key;
  }

  tagsOf(arn: string): Map<string, string> {
    const tags = this.tags.get(arn);
    if (tags === undefined) throw notFoundError(arn);
    return tags;
  }

  createAlias(name: string, arn: string | undefined): void {
    if (this.aliases.has(name)) throw conflictError(`Alias ${name} already exists.`);
    if (arn !== undefined) this.find(arn);
    this.aliases.set(name, arn);
  }

  aliasesOf(arn: string | undefined): { AliasName: string; KeyArn?: string }[] {
    return [...this.aliases]
      .filter(([, target]) => arn === undefined || target === arn)
      .map(([AliasName, target]) => ({ AliasName, ...(target !== undefined && { KeyArn: target }) }));
  }
}

/** One page of `items`; the token is opaque to callers. */
export function pageOf<Item>(items: readonly Item[], request: Readonly<Record<string, unknown>>) {
  const size = Number(request["MaxResults"] ?? 50);
  const start = request["NextToken"] === undefined ? 0 : offsetIn(String(request["NextToken"]));
  const end = start + size;
  return {
    items: items.slice(start, end),
    ...(end < items.length && { NextToken: Buffer.from(`from ${end}`).toString("base64url") }),
  };
}

function offsetIn(token: string): number {
  const match = /^from (\d+)$/.exec(Buffer.from(token, "base64url").toString());
  if (match === null) throw validationError("Invalid pagination token.");
  return Number(match[1]);
}
