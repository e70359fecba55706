import { parseKeyArn } from "../../key/key-arn.ts";
import { aliasOf, type Call, membersOf, textOf, textsOf } from "../call.ts";
import type { ApiCall, InferredCall, Operation, ReadChange, Revert } from "../operation.ts";
import type { State } from "../state.ts";

type Tags = Readonly<Record<string, string>>;

/** All tags of a key. */
const tags: Revert = {
  aspect: "tags",
  look: (subject) =>
    subject.kind === "key"
      ? { call: "ListTagsForResource", input: { ResourceArn: subject.keyArn, MaxResults: 100 } }
      : undefined,
  stateIn: (shown) => {
    // A key has 50 tags at most; more than a page is not understood.
    if ("error" in shown || shown.answer["NextToken"] !== undefined) return undefined;
    const { Tags: listed } = shown.answer;
    return Array.isArray(listed) ? tagsIn(listed, "Key", "Value") : undefined;
  },
  back: (subject, before, now) =>
    subject.kind === "key" && isTags(before) && isTags(now) ? retag(subject.keyArn, before, now) : undefined,
  onTheWay: (before, after) => (isTags(before) && isTags(after) ? [{ ...after, ...before }] : []),
  // A new alias may be in use at once, and its key loses nothing.
  unable: { alias: ["*"] },
};

/** TagResource, UntagResource and CreateAlias: rules of the policy may read labels. */
export const labels: Operation = {
  name: "labels",
  calls: ["TagResource", "UntagResource", "CreateAlias"],
  read: (call) => (call.name === "CreateAlias" ? readAlias(call) : readTags(call)),
  conditions: { tag: "text", alias: "text", decision: ["same", "other"] },
  facts: ({ change: { details = {} }, decidesOtherwise }) => ({
    ...details,
    ...(decidesOtherwise !== undefined && { decision: [decidesOtherwise ? "other" : "same"] }),
  }),
  weight: ({ decidesOtherwise }) => (decidesOtherwise === false ? "routine" : "notable"),
  says: ({ call, change: { details = {} }, decidesOtherwise }) => {
    const names = (details["tag"] ?? details["alias"] ?? []).join(", ");
    const effect = decidesOtherwise === true ? ": the policy would decide otherwise about a deletion of the key" : "";
    return `${verbs[call] ?? "changed"} ${names}${effect}`;
  },
  revert: tags,
  inferred: { aspect: tags.aspect, call: retagCall },
};

const verbs: Readonly<Partial<Record<string, string>>> = {
  TagResource: "set the tags",
  UntagResource: "removed the tags",
  CreateAlias: "gave the key the alias",
};

function readAlias({ parameters, answer }: Call): ReadChange | undefined {
  const { aliasName, keyArn } = { ...parameters, ...membersOf(answer["alias"]) };
  const [name, arn] = [aliasOf(aliasName), parseKeyArn(keyArn)];
  // An alias without a key is no label of any.
  if (name === undefined || arn === undefined) return undefined;
  return { subject: { kind: "key", keyArn: arn }, details: { alias: [name] } };
}

function readTags({ name, parameters }: Call): ReadChange | undefined {
  const keyArn = parseKeyArn(parameters["resourceArn"]);
  if (keyArn === undefined) return undefined;
  const subject = { kind: "key", keyArn } as const;
  if (name === "UntagResource") {
    const gone = textsOf(parameters["tagKeys"]);
    return { subject, details: { tag: gone }, afterFrom: (before) => without(before, gone) };
  }
  const set = Array.isArray(parameters["tags"]) ? tagsIn(parameters["tags"], "key", "value") : undefined;
  return {
    subject,
    details: { tag: Object.keys(set ?? {}) },
    afterFrom: (before) => (set !== undefined && isTags(before) ? { ...before, ...set } : undefined),
  };
}

/** `key` and `value` in a record, `Key` and `Value` in an answer. Undefined where one of them is not understood. */
function tagsIn(listed: readonly unknown[], keyName: string, valueName: string): Tags | undefined {
  const pairs = listed.map((each) => {
    const { [keyName]: key, [valueName]: value } = membersOf(each);
    return [
      textOf(key),
      value === undefined || value === null ? "" : (textOf(value) ?? (value === "" ? "" : undefined)),
    ];
  });
  const isRead = pairs.every(([key, value]) => key !== undefined && key !== "__proto__" && value !== undefined);
  if (!isRead || pairs.length > 200) return undefined;
  // Nobody but AWS sets these (CloudFormation's, for example): no call of ours could bring them back.
  return Object.fromEntries(pairs.filter(([key]) => key?.startsWith("aws:") === false)) as Tags;
}

function isTags(state: State): state is Tags {
  return typeof state === "object" && state !== null && !Array.isArray(state);
}

function without(state: State, names: readonly string[]): State | undefined {
  if (!isTags(state)) return undefined;
  return Object.fromEntries(Object.entries(state).filter(([name]) => !names.includes(name)));
}

/** The names of all tags that differ. */
function retagCall(before: State, now: State): InferredCall | undefined {
  if (!isTags(before) || !isTags(now)) return undefined;
  const set = Object.keys(now).filter((name) => !Object.hasOwn(before, name) || before[name] !== now[name]);
  const gone = Object.keys(before).filter((name) => !Object.hasOwn(now, name));
  return { name: set.length > 0 ? "TagResource" : "UntagResource", details: { tag: textsOf([...set, ...gone]) } };
}

function retag(keyArn: string, before: Tags, now: Tags): readonly ApiCall[] {
  const set = Object.entries(before).filter(([name, value]) => !Object.hasOwn(now, name) || now[name] !== value);
  const gone = Object.keys(now).filter((name) => !Object.hasOwn(before, name));
  const Tags = set.map(([Key, Value]) => ({ Key, Value }));
  return [
    ...(set.length > 0 ? [{ call: "TagResource", input: { ResourceArn: keyArn, Tags } }] : []),
    ...(gone.length > 0 ? [{ call: "UntagResource", input: { ResourceArn: keyArn, TagKeys: gone } }] : []),
  ];
}
