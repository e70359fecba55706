import type { Place } from "../place.ts";
import { conflictError, notFoundError, validationError } from "./api-error.ts";
import type { KeyAttributes } from "./key-attributes.ts";

/** A key as the fake holds it: the fields of the API, times in epoch seconds. */
export interface KeyRecord {
  readonly KeyArn: string;
  readonly KeyAttributes: KeyAttributes;
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
  readonly DeriveKeyUsage?: string;
  MultiRegionKeyType?: "PRIMARY" | "REPLICA";
  /** Of a replica: recorded answers for a primary do not have it. */
  readonly PrimaryRegion?: string;
  ReplicationStatus?: Readonly<Record<string, { readonly Status: string }>>;
  UsingDefaultReplicationRegions?: boolean;
  readonly MpaStatus?: object;
}

const aliasForm = /^(?:arn:aws:payment-cryptography:(?<region>[^:]+):(?<account>[^:]+):)?(?<alias>alias\/.+)$/;

/** Keys, tags, policies and aliases of one account and Region. */
export class KeyRecords {
  readonly keys = new Map<string, KeyRecord>();
  readonly tags = new Map<string, Map<string, string>>();
  /** Key ARN -> text of its resource policy. */
  readonly policies = new Map<string, string>();
  /** Key ARN -> whether its deletion also disables it, where that is not left to the settings. */
  readonly disabledByDeletion = new Map<string, boolean>();
  /** Alias name -> key ARN, or undefined for an alias that points nowhere. */
  readonly aliases = new Map<string, string | undefined>();
  readonly #place: Place;

  constructor(place: Place) {
    this.#place = place;
  }

  add(key: KeyRecord, tags: Readonly<Record<string, string>>): void {
    this.keys.set(key.KeyArn, key);
    this.tags.set(key.KeyArn, new Map(Object.entries(tags)));
  }

  /** Returns the key that `identifier` (key ARN, alias, alias ARN) names. Throws ResourceNotFoundException where there is none. */
  find(identifier: string): KeyRecord {
    const key = this.keys.get(this.#arnIn(identifier) ?? "");
    if (key === undefined) throw notFoundError(identifier);
    return key;
  }

  /**
   * An ARN of another Region names nothing here. That AWS answers ResourceNotFoundException is inferred: the model has no other
   * error for it, and one Region cannot see another's keys.
   */
  #arnIn(identifier: string): string | undefined {
    const { alias, region, account } = aliasForm.exec(identifier)?.groups ?? {};
    if (alias === undefined) return identifier;
    const elsewhere = region !== undefined && (region !== this.#place.region || account !== this.#place.account);
    return elsewhere ? undefined : this.aliases.get(alias);
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

interface PageRequest {
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

/** Returns one page of `items`; the token is opaque to callers. */
export function pageOf<Item>(items: readonly Item[], { MaxResults: size = 50, NextToken }: PageRequest) {
  const start = NextToken === undefined ? 0 : offsetIn(NextToken);
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
