import { conflictError, validationError } from "./api-error.ts";
import { checkValueAlgorithm, completeAttributes, type KeyAttributes } from "./key-attributes.ts";
import { type KeyRecord, pageOf } from "./key-records.ts";
import { randomKcv } from "./key-seed.ts";
import type { OperationTable } from "./operation.ts";
import { type PlaneState, randomKeyId } from "./plane-state.ts";
import { replicatedFrom } from "./replication.ts";

const day = 86_400;

type KeyOperation = "CreateKey" | "DeleteKey" | "GetKey" | "ListKeys" | "RestoreKey" | "StartKeyUsage" | "StopKeyUsage";

export const keyOperations: OperationTable<KeyOperation> = {
  CreateKey: (state, request) => {
    const { KeyAttributes, DeriveKeyUsage, Exportable } = request;
    const ecc = KeyAttributes.KeyAlgorithm.startsWith("ECC_");
    // The model gives the member to ECC key pairs; that other keys are refused is inferred.
    if (DeriveKeyUsage !== undefined && !ecc) throw validationError("DeriveKeyUsage is only valid for ECC key pairs.");
    if (!["SYMMETRIC_KEY", "ASYMMETRIC_KEY_PAIR"].includes(KeyAttributes.KeyClass))
      throw validationError(`A key of KeyClass ${KeyAttributes.KeyClass} is imported, not created.`);
    const given = { ...request, KeyAttributes, Exportable, KeyOrigin: "AWS_PAYMENT_CRYPTOGRAPHY" };
    return { Key: addKey(state, given) };
  },
  GetKey: (state, { KeyIdentifier }) => ({ Key: { ...state.findKey(KeyIdentifier) } }),
  ListKeys: ({ records }, request) => {
    const keys = [...records.keys.values()].filter(
      ({ KeyState }) => request.KeyState === undefined || KeyState === request.KeyState,
    );
    const { items, ...token } = pageOf(keys, request);
    // The model has the multi-Region members here as well; recorded answers do not.
    const summaries = items.map(({ KeyArn, KeyState, KeyAttributes, KeyCheckValue, Exportable, Enabled }) => {
      return { KeyArn, KeyState, KeyAttributes, KeyCheckValue, Exportable, Enabled };
    });
    return { Keys: summaries, ...token };
  },
  DeleteKey: (state, { KeyIdentifier, DeleteKeyInDays = 7 }) => {
    const key = state.findKey(KeyIdentifier);
    if (key.KeyState !== "CREATE_COMPLETE") throw validationError(`Key ${key.KeyArn} is not in CREATE_COMPLETE state.`);
    key.KeyState = "DELETE_PENDING";
    key.DeletePendingTimestamp = state.nowSeconds + DeleteKeyInDays * day;
    const disables = state.records.disabledByDeletion.get(key.KeyArn) ?? state.settings.deletionDisablesKey;
    if (disables && key.Enabled) {
      key.Enabled = false;
      key.UsageStopTimestamp = state.nowSeconds;
    }
    return { Key: { ...key } };
  },
  RestoreKey: (state, { KeyIdentifier }) => {
    const key = state.findKey(KeyIdentifier);
    if (key.KeyState !== "DELETE_PENDING") throw validationError(`Key ${key.KeyArn} is not in DELETE_PENDING state.`);
    if (key.MultiRegionKeyType === "REPLICA") throw validationError(`Key ${key.KeyArn} is a replica.`);
    key.KeyState = "CREATE_COMPLETE";
    delete key.DeletePendingTimestamp;
    return { Key: { ...key } };
  },
  StartKeyUsage: (state, { KeyIdentifier }) => ({ Key: setUsage(state, KeyIdentifier, true) }),
  StopKeyUsage: (state, { KeyIdentifier }) => ({ Key: setUsage(state, KeyIdentifier, false) }),
};

function setUsage(state: PlaneState, identifier: string, enabled: boolean): KeyRecord {
  const key = state.findKey(identifier);
  if (key.KeyState !== "CREATE_COMPLETE") throw conflictError(`Key ${key.KeyArn} is not in CREATE_COMPLETE state.`);
  if (key.MultiRegionKeyType === "REPLICA") throw validationError(`Key ${key.KeyArn} is a replica.`);
  if (enabled && !key.Enabled) key.UsageStartTimestamp = state.nowSeconds;
  if (!enabled && key.Enabled) key.UsageStopTimestamp = state.nowSeconds;
  key.Enabled = enabled;
  return { ...key };
}

/** A key that is made here or comes from outside. */
export interface NewKey {
  readonly KeyAttributes: KeyAttributes;
  readonly Exportable: boolean;
  readonly KeyOrigin: string;
  readonly KeyCheckValue?: string;
  readonly KeyCheckValueAlgorithm?: string | undefined;
  readonly Enabled?: boolean | undefined;
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[] | undefined;
  readonly DeriveKeyUsage?: string | undefined;
  readonly ReplicationRegions?: readonly string[] | undefined;
  /** Of an import that a team has to approve. */
  readonly MpaStatus?: object;
}

/** Adds a key and returns it as the API shows it. Throws a ValidationException for attributes that do not fit together. */
export function addKey(state: PlaneState, given: NewKey): KeyRecord {
  const KeyAttributes = completeAttributes(given.KeyAttributes);
  const { DeriveKeyUsage, MpaStatus, Enabled = true, Tags = [] } = given;
  const usable = Enabled && MpaStatus === undefined;
  const key: KeyRecord = {
    KeyArn: state.arnOf(randomKeyId()),
    KeyAttributes,
    KeyCheckValue: given.KeyCheckValue ?? randomKcv(),
    KeyCheckValueAlgorithm: given.KeyCheckValueAlgorithm ?? checkValueAlgorithm(KeyAttributes.KeyAlgorithm),
    Exportable: given.Exportable,
    KeyOrigin: given.KeyOrigin,
    CreateTimestamp: state.nowSeconds,
    Enabled: usable,
    KeyState: MpaStatus === undefined ? "CREATE_COMPLETE" : "CREATE_IN_PROGRESS",
    ...(usable && { UsageStartTimestamp: state.nowSeconds }),
    ...(DeriveKeyUsage !== undefined && { DeriveKeyUsage }),
    ...(MpaStatus !== undefined && { MpaStatus }),
  };
  const replicated = replicatedFrom(state, key, given.ReplicationRegions);
  state.records.add(replicated, Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])));
  return { ...replicated };
}
