import type { Leaf, Leaves } from "./leaves.ts";
import { isGlob } from "./match/glob.ts";

interface Rule {
  readonly leaves: Leaves;
}

/**
 * Returns for each rule the first one above it that matches whatever it does, as far as that is plain from the text; undefined where none does.
 * A thousand rules are half a million pairs: a rule whose rarest condition lists exact values is compared only with rules that share one.
 */
export function shadowsOf<Read extends Rule>(rules: readonly Read[]): readonly (Read | undefined)[] {
  const listed = rules.map(({ leaves }) => listsOf(leaves));
  const counts = countsOf(listed);
  const byValue = new Map<string, number[]>();
  const anywhere: number[] = [];
  return rules.map(({ leaves }, n) => {
    const lists = listed[n] ?? [];
    const sharing = lists.flatMap(({ values }) => values.flatMap((value) => byValue.get(value) ?? []));
    const candidates = [...new Set([...anywhere, ...sharing])].sort((a, b) => a - b);
    const shadow = candidates.map((at) => rules[at]).find((each) => each !== undefined && covers(each.leaves, leaves));
    const rarest = rarestOf(lists, counts);
    if (rarest === undefined) anywhere.push(n);
    for (const value of rarest ?? []) {
      const sharers = byValue.get(value);
      if (sharers === undefined) byValue.set(value, [n]);
      else sharers.push(n);
    }
    return shadow;
  });
}

/** The values of one condition, each with the condition's name. */
interface List {
  readonly values: readonly string[];
  readonly hasGlobs: boolean;
}

function listsOf(leaves: Leaves): readonly List[] {
  const lists: List[] = [];
  for (const [name, { exact, globs }] of leaves)
    if (exact !== undefined)
      lists.push({ values: [...exact].map((value) => `${name} ${value}`), hasGlobs: globs.length > 0 });
  return lists;
}

function countsOf(listed: readonly (readonly List[])[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { values } of listed.flat()) for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** The values of the condition that the fewest rules share; undefined where each condition holds a pattern or is no list of values. */
function rarestOf(lists: readonly List[], counts: ReadonlyMap<string, number>): readonly string[] | undefined {
  let [rarest, least]: [readonly string[] | undefined, number] = [undefined, Number.POSITIVE_INFINITY];
  for (const { values, hasGlobs } of lists) {
    const shared = values.reduce((sum, value) => sum + (counts.get(value) ?? 0), 0);
    if (!hasGlobs && shared < least) [rarest, least] = [values, shared];
  }
  return rarest;
}

/** Whether `wide` matches whatever `narrow` does: each of its conditions follows from one of the other's. */
export function covers(wide: Leaves, narrow: Leaves): boolean {
  for (const [name, leaf] of wide) {
    const other = narrow.get(name);
    if (other === undefined || !follows(leaf, other)) return false;
  }
  return true;
}

function follows(wide: Leaf, narrow: Leaf): boolean {
  if (wide.exact === undefined || narrow.exact === undefined)
    return wide.exact === undefined && narrow.exact === undefined && wide.text === narrow.text;
  const { exact, globs, matches } = wide;
  // Of two globs only where it is plain that one includes the other.
  const includes = (pattern: string, value: string) => pattern === "*" || (!isGlob(value) && matches(pattern, value));
  // A loop: a thousand rules are half a million pairs.
  for (const value of narrow.values)
    if (!exact.has(value) && !globs.some((glob) => includes(glob, value))) return false;
  return true;
}
