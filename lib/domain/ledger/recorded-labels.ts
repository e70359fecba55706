import type { Condition } from "../policy/condition.ts";
import type { Decision, Facts } from "../policy/decision.ts";
import { jsonBytes, wellFormed } from "../well-formed.ts";
import { canonicalJson, sha256Hex } from "./canonical-json.ts";

/** The tags of a key as an entry records them: some of them, and a fingerprint of all. */
export interface RecordedTags {
  readonly count: number;
  /** SHA-256 of the canonical JSON of all tags, as one object of names and values. */
  readonly sha256: string;
  /** Those that matter most, as far as they fit; a value that was cut ends in `…`. */
  readonly listed: Readonly<Record<string, string>>;
}

/** The aliases of a key as an entry records them. */
export interface RecordedAliases {
  readonly count: number;
  /** SHA-256 of the canonical JSON of all aliases, as one list sorted by code unit. */
  readonly sha256: string;
  readonly listed: readonly string[];
}

/** Bounds on what one entry lists, in bytes: anyone who may tag a key chooses its labels. */
const maxListed = 20;
const maxTagsBytes = 2_048;
const maxValueBytes = 512;
const maxAliasesBytes = 1_024;

type Labels = Pick<Facts, "tags" | "aliases">;

interface Rule {
  readonly id: string;
  readonly conditions: readonly Condition[];
}

/**
 * Returns what a decision records of the labels it was made with: the tags that the policy's conditions name, the aliases that the
 * deciding rule matches or else the first ones, and a fingerprint of all.
 */
export function labelsRead(
  { rules }: { readonly rules: readonly Rule[] },
  { rule }: Pick<Decision, "rule">,
  facts: Facts,
): { readonly tags?: RecordedTags; readonly aliases?: RecordedAliases } {
  const { tags, aliases } = known(facts);
  const last = rules.findIndex(({ id }) => id === rule);
  const deciding = rules[last];
  const asked = [...(deciding ? [deciding] : []), ...rules.slice(0, last === -1 ? undefined : last)];
  return {
    ...(tags && { tags: recordedTags(tags, tagNamesIn(asked)) }),
    ...(aliases && { aliases: recordedAliases(aliases, matchedBy(deciding, aliases, facts)) }),
  };
}

/** Returns what people see of the labels of a key, the names in `first` before all others. */
export function labelsShown(
  labels: Labels,
  first: { readonly tags: readonly string[]; readonly aliases: readonly string[] },
): { readonly tags?: RecordedTags; readonly aliases?: RecordedAliases } {
  const { tags, aliases } = known(labels);
  return {
    ...(tags && { tags: recordedTags(tags, [...first.tags, ...Object.keys(tags)]) }),
    ...(aliases && { aliases: recordedAliases(aliases, first.aliases) }),
  };
}

function known({ tags, aliases }: Labels) {
  return {
    tags: tags === "unreadable" ? undefined : tags,
    aliases: aliases === "unreadable" ? undefined : aliases,
  };
}

function recordedTags(all: Readonly<Record<string, string>>, names: readonly string[]): RecordedTags {
  const own = [...new Set(names)].filter((name) => Object.hasOwn(all, name));
  const short = own.map((name) => [name, shortened(all[name] ?? "")] as const);
  const listed = fitting(short, maxTagsBytes, ([name, value]) => jsonBytes(name) + jsonBytes(value));
  return {
    count: Object.keys(all).length,
    sha256: sha256Hex(canonicalJson(all)),
    listed: Object.fromEntries(listed),
  };
}

function recordedAliases(all: readonly string[], first: readonly string[]): RecordedAliases {
  const own = new Set(all);
  const ordered = [...new Set([...first.filter((alias) => own.has(alias)), ...all])];
  return {
    count: all.length,
    sha256: sha256Hex(canonicalJson([...all].sort())),
    listed: fitting(ordered, maxAliasesBytes, jsonBytes),
  };
}

/** The first of `values` that fit into `maxBytes` together; one that is too long makes room for the next. */
function fitting<Value>(values: readonly Value[], maxBytes: number, bytesOf: (value: Value) => number): Value[] {
  const listed: Value[] = [];
  let bytes = 0;
  for (const value of values) {
    if (listed.length === maxListed) break;
    const size = bytesOf(value);
    if (bytes + size > maxBytes) continue;
    listed.push(value);
    bytes += size;
  }
  return listed;
}

function shortened(value: string): string {
  const cut = wellFormed(value, maxValueBytes);
  return cut === value ? value : `${cut}…`;
}

const tagCondition = "key.tags.";

function tagNamesIn(rules: readonly Rule[]): readonly string[] {
  return rules.flatMap(({ conditions }) =>
    conditions.flatMap(({ name }) => (name.startsWith(tagCondition) ? [name.slice(tagCondition.length)] : [])),
  );
}

function matchedBy(rule: Rule | undefined, aliases: readonly string[], facts: Facts): readonly string[] {
  const condition = rule?.conditions.find(({ name }) => name === "key.alias");
  if (condition === undefined) return [];
  return aliases.filter((alias) => condition.test({ ...facts, aliases: [alias] }) === "yes");
}
