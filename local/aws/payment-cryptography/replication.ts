import { conflictError, validationError } from "./api-error.ts";
import { isSymmetric } from "./key-attributes.ts";
import type { KeyRecord } from "./key-records.ts";
import type { OperationTable } from "./operation.ts";
import type { PlaneState, Replicating } from "./plane-state.ts";

type ReplicationOperation =
  | "AddKeyReplicationRegions"
  | "RemoveKeyReplicationRegions"
  | "EnableDefaultKeyReplicationRegions"
  | "DisableDefaultKeyReplicationRegions"
  | "GetDefaultKeyReplicationRegions";

/**
 * Copies of keys in other Regions, seen from the primary's: this control plane has one Region, and makes no key elsewhere.
 * Documented: only an active, symmetric primary replicates; removal is eventual. The errors are inferred.
 */
export const replicationOperations: OperationTable<ReplicationOperation> = {
  AddKeyReplicationRegions: (state, { KeyIdentifier, ReplicationRegions }) => {
    const key = primaryIn(state, KeyIdentifier);
    for (const region of ReplicationRegions)
      if (key.ReplicationStatus?.[region] !== undefined)
        throw conflictError(`Key ${key.KeyArn} already replicates to ${region}.`);
    replicate(state, key, ReplicationRegions, false);
    return { Key: { ...key } };
  },
  RemoveKeyReplicationRegions: (state, { KeyIdentifier, ReplicationRegions }) => {
    const key = primaryIn(state, KeyIdentifier);
    for (const region of ReplicationRegions)
      if (key.ReplicationStatus?.[region] === undefined)
        throw validationError(`Key ${key.KeyArn} does not replicate to ${region}.`);
    key.UsingDefaultReplicationRegions = false;
    setStatus(state, key, ReplicationRegions, "DELETE_IN_PROGRESS", "gone");
    return { Key: { ...key } };
  },
  EnableDefaultKeyReplicationRegions: (state, { ReplicationRegions }) => {
    requireOtherRegions(state, ReplicationRegions);
    for (const region of ReplicationRegions) state.defaultRegions.add(region);
    return { EnabledReplicationRegions: [...state.defaultRegions] };
  },
  DisableDefaultKeyReplicationRegions: (state, { ReplicationRegions }) => {
    for (const region of ReplicationRegions) state.defaultRegions.delete(region);
    return { EnabledReplicationRegions: [...state.defaultRegions] };
  },
  GetDefaultKeyReplicationRegions: ({ defaultRegions }) => ({ EnabledReplicationRegions: [...defaultRegions] }),
};

/** Returns a new key with the copies it asks for, or, where it asks for none, with those of the account's defaults. */
export function replicatedFrom(state: PlaneState, key: KeyRecord, wanted: readonly string[] | undefined): KeyRecord {
  const regions = wanted ?? [...state.defaultRegions];
  const byDefault = wanted === undefined;
  if (regions.length === 0 || (byDefault && !isSymmetric(key.KeyAttributes.KeyAlgorithm))) return key;
  replicate(state, key, regions, byDefault);
  return key;
}

/** Brings copies that have been under way for long enough to their end. */
export function settleReplication(state: PlaneState): void {
  const due = state.replicating.filter(({ at }) => at <= state.nowMs);
  if (due.length === 0) return;
  state.replicating = state.replicating.filter(({ at }) => at > state.nowMs);
  for (const each of due) settle(state, each);
}

function settle({ records }: PlaneState, { keyArn, region, becomes }: Replicating): void {
  const key = records.keys.get(keyArn);
  if (key === undefined) return;
  const { [region]: _, ...others } = key.ReplicationStatus ?? {};
  const statuses = becomes === "gone" ? others : { ...others, [region]: { Status: becomes } };
  if (Object.keys(statuses).length > 0) {
    key.ReplicationStatus = statuses;
    return;
  }
  // Whether a primary without copies is still called one is not said.
  delete key.ReplicationStatus;
  delete key.MultiRegionKeyType;
  delete key.UsingDefaultReplicationRegions;
}

function replicate(state: PlaneState, key: KeyRecord, regions: readonly string[], byDefault: boolean): void {
  requireOtherRegions(state, regions);
  if (!isSymmetric(key.KeyAttributes.KeyAlgorithm))
    throw validationError(`Key ${key.KeyArn} is not symmetric and cannot be replicated.`);
  key.MultiRegionKeyType = "PRIMARY";
  key.UsingDefaultReplicationRegions = byDefault;
  setStatus(state, key, regions, "IN_PROGRESS", "SYNCHRONIZED");
}

function setStatus(
  state: PlaneState,
  key: KeyRecord,
  regions: readonly string[],
  status: string,
  becomes: Replicating["becomes"],
): void {
  const at = state.nowMs + state.settings.replicationMs;
  key.ReplicationStatus = {
    ...key.ReplicationStatus,
    ...Object.fromEntries(regions.map((region) => [region, { Status: status }])),
  };
  const others = state.replicating.filter(({ keyArn, region }) => keyArn !== key.KeyArn || !regions.includes(region));
  state.replicating = [...others, ...regions.map((region) => ({ keyArn: key.KeyArn, region, at, becomes }))];
}

function primaryIn(state: PlaneState, identifier: string): KeyRecord {
  const key = state.findKey(identifier);
  if (key.KeyState !== "CREATE_COMPLETE") throw conflictError(`Key ${key.KeyArn} is not in CREATE_COMPLETE state.`);
  if (key.MultiRegionKeyType === "REPLICA") throw validationError(`Key ${key.KeyArn} is a replica.`);
  return key;
}

function requireOtherRegions({ place }: PlaneState, regions: readonly string[]): void {
  if (regions.includes(place.region))
    throw validationError(`A key does not replicate to its own Region ${place.region}.`);
}
