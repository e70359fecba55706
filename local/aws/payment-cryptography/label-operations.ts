import { conflictError, notFoundError } from "./api-error.ts";
import { type KeyRecords, pageOf } from "./key-records.ts";
import type { OperationTable } from "./operation.ts";

type LabelOperation =
  | "CreateAlias"
  | "DeleteAlias"
  | "GetAlias"
  | "ListAliases"
  | "ListTagsForResource"
  | "TagResource"
  | "UntagResource"
  | "UpdateAlias";

export const labelOperations: OperationTable<LabelOperation> = {
  CreateAlias: ({ records }, { AliasName, KeyArn }) => {
    records.createAlias(AliasName, KeyArn);
    return { Alias: aliasIn(records, AliasName) };
  },
  UpdateAlias: ({ records }, { AliasName, KeyArn }) => {
    aliasIn(records, AliasName);
    if (KeyArn !== undefined) records.find(KeyArn);
    records.aliases.set(AliasName, KeyArn);
    return { Alias: aliasIn(records, AliasName) };
  },
  DeleteAlias: ({ records }, { AliasName }) => {
    aliasIn(records, AliasName);
    records.aliases.delete(AliasName);
    return {};
  },
  GetAlias: ({ records }, { AliasName }) => ({ Alias: aliasIn(records, AliasName) }),
  ListAliases: ({ records }, request) => {
    const { items, ...token } = pageOf(records.aliasesOf(request.KeyArn), request);
    return { Aliases: items, ...token };
  },
  TagResource: ({ records }, { ResourceArn, Tags }) => {
    const tags = changeableTags(records, ResourceArn);
    for (const { Key, Value } of Tags) tags.set(Key, Value);
    return {};
  },
  UntagResource: ({ records }, { ResourceArn, TagKeys }) => {
    const tags = changeableTags(records, ResourceArn);
    for (const name of TagKeys) tags.delete(name);
    return {};
  },
  ListTagsForResource: ({ records }, request) => {
    const tags = [...records.tagsOf(request.ResourceArn)].map(([Key, Value]) => ({ Key, Value }));
    const { items, ...token } = pageOf(tags, request);
    return { Tags: items, ...token };
  },
};

/** "Tag or untag existing keys unless they are pending deletion" (user guide); the error is inferred. */
function changeableTags(records: KeyRecords, arn: string): Map<string, string> {
  const { KeyState } = records.find(arn);
  if (KeyState === "DELETE_PENDING") throw conflictError(`Key ${arn} is pending deletion: its tags cannot be changed.`);
  return records.tagsOf(arn);
}

function aliasIn({ aliases }: KeyRecords, name: string): { AliasName: string; KeyArn?: string } {
  if (!aliases.has(name)) throw notFoundError(name);
  const target = aliases.get(name);
  return { AliasName: name, ...(target !== undefined && { KeyArn: target }) };
}
