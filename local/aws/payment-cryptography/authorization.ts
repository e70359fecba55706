import type { PolicyDocument } from "../iam/policy/document.ts";
import { isPermitted, judgeByPolicy } from "../iam/policy/evaluate.ts";
import type { Context } from "../iam/policy/pattern.ts";
import type { Principal } from "../iam/policy/principal.ts";
import { type ApiError, accessDeniedError } from "./api-error.ts";
import type { Caller } from "./cloudtrail-record.ts";
import type { KeyRecord } from "./key-records.ts";
import type { PlaneState } from "./plane-state.ts";
import type { OperationName } from "./service-model.ts";

type Request = Readonly<Record<string, unknown>>;

/** Documented: these are governed by identity policies alone, from the key's own account. */
const exempt: ReadonlySet<string> = new Set(["DeleteResourcePolicy", "GetResourcePolicy", "PutResourcePolicy"]);

/** Documented as open to other accounts by a key's policy. */
const acrossAccounts: ReadonlySet<string> = new Set([
  ...["AddKeyReplicationRegions", "DeleteKey", "ExportKey", "GetKey", "GetPublicKeyCertificate", "ImportKey"],
  ...["ListTagsForResource", "RemoveKeyReplicationRegions", "RestoreKey", "StartKeyUsage", "StopKeyUsage"],
  ...["TagResource", "UntagResource"],
]);

/** A member that names the key which a call is about. That CreateAlias and UpdateAlias are judged by it is inferred. */
const identifiers: Readonly<Partial<Record<OperationName, string>>> = {
  ExportKey: "ExportKeyIdentifier",
  CreateAlias: "KeyArn",
  UpdateAlias: "KeyArn",
  ListTagsForResource: "ResourceArn",
  TagResource: "ResourceArn",
  UntagResource: "ResourceArn",
  DeleteResourcePolicy: "ResourceArn",
  GetResourcePolicy: "ResourceArn",
  PutResourcePolicy: "ResourceArn",
};

interface Identity {
  readonly arn?: string;
  readonly accountId?: string;
  readonly principalId?: string;
  readonly userName?: string;
  readonly sessionContext?: { readonly sessionIssuer?: { readonly arn?: string } };
}

/**
 * Throws AccessDeniedException unless `caller` may make the call: by its own policies (`identityAllows`), by the key's policy, and
 * against no explicit Deny of that. A call by alias is judged by the policy of the key. A replica has no policy.
 */
export function authorize(state: PlaneState, operation: OperationName, request: Request, caller: Caller): void {
  const principal = principalOf(caller, state.place.account);
  const sameAccount = principal.account === state.place.account;
  const identifier = request[identifiers[operation] ?? "KeyIdentifier"];
  const key = typeof identifier === "string" ? keyNamed(state, identifier, sameAccount) : undefined;
  const judged = key !== undefined && key.MultiRegionKeyType !== "REPLICA" && !exempt.has(operation);
  const policy = judged ? state.records.policies.get(key.KeyArn) : undefined;
  const resource = key?.KeyArn ?? (typeof identifier === "string" ? identifier : "*");
  const context = { ...{ state, request, caller, key }, alias: aliasIn(identifier) };
  const verdict =
    policy === undefined
      ? "silent"
      : judgeByPolicy(JSON.parse(policy) as PolicyDocument, {
          ...{ principal, resource, action: `payment-cryptography:${operation}` },
          context: contextOf(context),
        });
  const reachable = sameAccount || acrossAccounts.has(operation);
  if (reachable && isPermitted(verdict, { sameAccount, identityAllows: caller.identityAllows !== false })) return;
  throw denied(principal, operation, resource, verdict === "denied");
}

/** A caller without an account is one of the own account's. */
function principalOf({ userIdentity }: Caller, ownAccount: string): Principal {
  const { arn = "", accountId = ownAccount, sessionContext } = userIdentity as Identity;
  const roleArn = sessionContext?.sessionIssuer?.arn;
  return { account: accountId, arn, ...(roleArn !== undefined && { roleArn }) };
}

/** A bare alias is one of the caller's own account. Undefined for a key that is not there: finding it is the operation's to fail at. */
function keyNamed({ records }: PlaneState, identifier: string, sameAccount: boolean): KeyRecord | undefined {
  if (!sameAccount && identifier.startsWith("alias/")) return undefined;
  try {
    return records.find(identifier);
  } catch {
    return undefined;
  }
}

function aliasIn(identifier: unknown): string | undefined {
  return typeof identifier === "string" ? /(?:^|:)(alias\/.+)$/.exec(identifier)?.[1] : undefined;
}

interface CallFacts {
  readonly state: PlaneState;
  readonly caller: Caller;
  readonly key: KeyRecord | undefined;
  readonly alias: string | undefined;
}

/** Global condition keys, and those that the service authorization reference gives to keys. */
function contextOf({ state, caller, key, alias }: CallFacts): Context {
  const { arn = "", accountId, principalId, userName, sessionContext } = caller.userIdentity as Identity;
  const arnOfKey = key?.KeyArn ?? "";
  const tags = [...(state.records.tags.get(arnOfKey) ?? [])];
  const aliases = state.records.aliasesOf(arnOfKey).map(({ AliasName }) => AliasName);
  const entries: [string, string | readonly string[] | undefined][] = [
    ["aws:principalarn", sessionContext?.sessionIssuer?.arn ?? arn],
    ["aws:principalaccount", accountId ?? state.place.account],
    ["aws:principalisawsservice", "false"],
    ["aws:viaawsservice", "false"],
    ["aws:securetransport", "true"],
    ["aws:userid", principalId],
    ["aws:username", userName],
    ["aws:sourceip", caller.sourceIp],
    ["aws:useragent", caller.userAgent],
    ["aws:requestedregion", state.place.region],
    ["aws:resourceaccount", state.place.account],
    ["aws:currenttime", new Date(state.nowMs).toISOString()],
    ["aws:epochtime", String(Math.floor(state.nowSeconds))],
    ["payment-cryptography:requestalias", alias],
    ["payment-cryptography:resourcealiases", aliases.length > 0 ? aliases : undefined],
    ["payment-cryptography:keyusage", key?.KeyAttributes.KeyUsage],
    ["payment-cryptography:keyclass", key?.KeyAttributes.KeyClass],
    ["payment-cryptography:keyalgorithm", key?.KeyAttributes.KeyAlgorithm],
    ...tags.map(([name, value]): [string, string] => [`aws:resourcetag/${name.toLowerCase()}`, value]),
  ];
  return new Map(entries.filter((entry): entry is [string, string | readonly string[]] => entry[1] !== undefined));
}

function denied({ arn }: Principal, operation: string, resource: string, explicitly: boolean): ApiError {
  const action = `payment-cryptography:${operation}`;
  const why = explicitly
    ? "with an explicit deny in a resource-based policy"
    : `because no identity-based policy allows the ${action} action`;
  return accessDeniedError(`User: ${arn} is not authorized to perform: ${action} on resource: ${resource} ${why}`);
}
