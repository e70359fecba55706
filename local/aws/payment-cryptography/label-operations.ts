import { notFoundError, validationError } from "./api-error.ts";
import { type KeyRecords, pageOf } from "./key-records.ts";

type Request = Readonly<Record<string, unknown>>;

/** The operations on aliases and tags; `request` has been validated. */
export function performOnLabels(records: KeyRecords, operation: string, request: Request): object {
  const alias = String(request["AliasName"]);
  const arn = String(request["ResourceArn"]);
  const target = request["KeyArn"] === undefined ? undefined : String(request["KeyArn"]);
  switch (operation) {
    case "CreateAlias":
      records.createAlias(alias, target);
      break;
    case "UpdateAlias":
      knownAlias(records, alias);
      if (target !== undefined) records.find(target);
      records.aliases.set(alias, target);
      break;
    case "DeleteAlias":
      knownAlias(records, alias);
      records.aliases.delete(alias);
      return {};
    case "GetAlias":
      knownAlias(records, alias);
      break;
    case "ListAliases": {
      const { items, ...token } = pageOf(records.aliasesOf(target), request);
      return { Aliases: items, ...token };
    }
    case "TagResource":
      refuseFrozen(records, arn);
      for (const { Key, Value } of request["Tags"] as { Key: string; Value: string }[])
        records.tagsOf(arn).set(Key, Value);
      return {};
    case "UntagResource":
      refuseFrozen(records, arn);
      for (const name of request["TagKeys"] as string[]) records.tagsOf(arn).delete(name);
      return {};
    case "ListTagsForResource": {
      const tags = [...records.tagsOf(arn)].map(([Key, Value]) => ({ Key, Value }));
      const { items, ...token } = pageOf(tags, request);
      return { Tags: items, ...token };
    }
  }
  const pointsAt = records.aliases.get(alias);
  return { Alias: { AliasName: alias, ...(pointsAt !== undefined && { KeyArn: pointsAt }) } };
}

/** AWS: "tag or untag existing keys unless they are pending deletion"; the error that it answers with is not documented. */
function refuseFrozen(records: KeyRecords, arn: string): void {
  if (records.find(arn).KeyState === "DELETE_PENDING") throw validationError(`Key ${arn} is in DELETE_PENDING state.`);
}

function knownAlias(records: KeyRecords, alias: string): void {
  if (!records.aliases.has(alias)) throw notFoundError(alias);
}
