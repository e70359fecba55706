import { arnMatcher } from "./match/arn-pattern.ts";
import { isGlob, matchesGlob } from "./match/glob.ts";
import { operationsOf } from "./rule-kinds.ts";
import type { Conditions } from "./schema.ts";

/** Conditions of a rule by their names. */
export type Leaves = ReadonlyMap<string, Leaf>;

type Values = readonly string[];

/** A list of values, told apart once: most are exact, and comparing patterns with each of them is what takes long. */
export interface Listed {
  readonly values: Values;
  readonly exact: ReadonlySet<string>;
  readonly globs: Values;
  /** Whether a pattern matches an exact value, as the condition itself compares them. */
  readonly matches: (pattern: string, value: string) => boolean;
}

/** Anything else, as text: it distinguishes them. */
interface Plain {
  readonly exact?: undefined;
  readonly globs?: undefined;
  readonly text: string;
}

export type Leaf = Listed | Plain;

/** Returns every condition of a rule by its name; those that are no list of values as they are. */
export function leavesOf(when: Conditions): Leaves {
  const { change = {}, key = {}, requester = {}, request = {}, region, account } = when;
  const { tags, ...ofKey } = key;
  const fields: readonly (readonly [string, unknown])[] = [
    ...prefixed("key", ofKey),
    ...prefixed("key.tags", tags ?? {}),
    ...prefixed("requester", requester),
    ...prefixed("request", request),
    ...prefixed("change", change),
    ["operation", operationsOf({ when })],
    ["region", region],
    ["account", account],
  ];
  return new Map(fields.flatMap(([name, leaf]) => (leaf === undefined ? [] : [[name, leafOf(name, leaf)] as const])));
}

function prefixed(prefix: string, fields: object): (readonly [string, unknown])[] {
  return Object.entries(fields).map(([name, value]) => [`${prefix}.${name}`, value] as const);
}

/** Conditions that compare ARNs, part by part. */
const arnConditions = ["key.arn", "requester.role", "requester.user"];

function leafOf(name: string, value: unknown): Leaf {
  if (!Array.isArray(value)) return { text: JSON.stringify(value) };
  const values = value as Values;
  const matches = arnConditions.includes(name) ? matchesArnText : matchesGlob;
  return { values, exact: new Set(values), globs: values.filter(isGlob), matches };
}

function matchesArnText(pattern: string, value: string): boolean {
  return arnMatcher([pattern])(value);
}
