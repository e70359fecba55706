import { parseKeyArn } from "../../key/key-arn.ts";
import { keyVocabulary } from "../../key/vocabulary.ts";
import { aliasOf, membersOf } from "../call.ts";
import { trueOrFalse } from "../condition-values.ts";
import type { Operation, Revert, SeenChange } from "../operation.ts";
import type { State } from "../state.ts";

/** The key to which an alias points: its ARN, or null for an alias without a key. `none`: there is no such alias. */
const target: Revert = {
  aspect: "alias",
  look: (subject) => (subject.kind === "alias" ? { call: "GetAlias", input: { AliasName: subject.alias } } : undefined),
  stateIn: (shown) => {
    if ("error" in shown) return shown.error === "ResourceNotFoundException" ? "none" : undefined;
    const { AliasName, KeyArn } = membersOf(shown.answer["Alias"]);
    if (aliasOf(AliasName) === undefined) return undefined;
    return KeyArn === undefined ? null : parseKeyArn(KeyArn);
  },
  back: (subject, before, now) => {
    const arn = parseKeyArn(before);
    if (subject.kind !== "alias" || arn === undefined || before === now) return undefined;
    return [{ call: now === "none" ? "CreateAlias" : "UpdateAlias", input: { AliasName: subject.alias, KeyArn: arn } }];
  },
  // Back at a key that was stopped, or is about to die, the alias would serve nobody.
  isOfUse: ({ related: { from } }) => from?.enabled === true,
};

/** UpdateAlias and DeleteAlias: applications that name the key by the alias reach another key, or none. */
export const alias: Operation = {
  name: "alias",
  calls: ["UpdateAlias", "DeleteAlias"],
  read: ({ name, parameters, answer }) => {
    const aliasName = aliasOf(membersOf(answer["alias"])["aliasName"]) ?? aliasOf(parameters["aliasName"]);
    if (aliasName === undefined) return undefined;
    return { subject: { kind: "alias", alias: aliasName }, after: afterOf(name, parameters["keyArn"]) };
  },
  related: ({ after, before }) => ({
    ...(isArn(before) && { from: before }),
    ...(isArn(after) && { to: after }),
  }),
  conditions: {
    ...{ fromUsage: keyVocabulary.usage, toUsage: keyVocabulary.usage },
    ...{ fromAlgorithm: keyVocabulary.algorithm, toAlgorithm: keyVocabulary.algorithm },
    alike: trueOrFalse,
  },
  facts: (seen) => {
    const { from, to } = seen.related;
    const alike = isAlike(seen);
    return {
      ...(from && { fromUsage: [from.usage], fromAlgorithm: [from.algorithm] }),
      ...(to && { toUsage: [to.usage], toAlgorithm: [to.algorithm] }),
      ...(alike !== undefined && { alike: [String(alike)] }),
    };
  },
  weight: (seen) => {
    if (seen.before !== undefined && seen.after === seen.before) return "routine";
    return isAlike(seen) === true ? "notable" : "grave";
  },
  says: ({ after, before }) =>
    after === "none" || after === null
      ? `took the alias from ${keyText(before)}`
      : `pointed the alias at ${keyText(after)}${before === undefined ? "" : `; it pointed at ${keyText(before)}`}`,
  revert: target,
  inferred: {
    aspect: target.aspect,
    call: (_, now) => ({ name: now === "none" ? "DeleteAlias" : "UpdateAlias" }),
  },
};

/** An UpdateAlias without a key takes the key from the alias. */
function afterOf(call: string, keyArn: unknown): State {
  return call === "DeleteAlias" ? "none" : (parseKeyArn(keyArn) ?? null);
}

function isArn(state: State | undefined): state is string {
  return parseKeyArn(state) !== undefined;
}

/** Whether both keys do the same work; undefined where one of them is not known, so that no rule is sure of it. */
function isAlike({ after, related: { from, to } }: Pick<SeenChange, "after" | "related">): boolean | undefined {
  if (after === "none" || after === null) return false;
  if (from === undefined || to === undefined) return undefined;
  const same = from.usage === to.usage && from.algorithm === to.algorithm && from.keyClass === to.keyClass;
  return same && to.enabled;
}

function keyText(state: State | undefined): string {
  return typeof state === "string" && state !== "none" ? state : "no key";
}
