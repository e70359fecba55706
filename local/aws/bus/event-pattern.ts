import { type EventFields, fieldsOf, joined, type Membership } from "./event-fields.ts";
import { type Alternative, compileValue } from "./value-pattern.ts";

/** Answers whether an event matches. */
export type EventMatcher = (event: unknown) => boolean;

/** What each path has to fit, one of its alternatives; a pattern with `$or` is several of these. */
type Conditions = ReadonlyMap<string, readonly Alternative[]>;

/** Names that AWS's library allows nowhere below `$or`. */
const comparisonNames = /^(exactly|prefix|suffix|numeric|anything-but|exists|cidr|equals-ignore-case|wildcard)$/;

/**
 * Compiles an EventBridge event pattern (EventBridge user guide, "Comparison operators"); AWS's own library agrees, see docs/interop.md. Throws an Error
 * that names the place for a pattern that EventBridge would not accept.
 */
export function compilePattern(pattern: unknown, place = "pattern"): EventMatcher {
  const rules = compileObject(pattern, "", place, [new Map()], false);
  const sorted = rules.map((rule) => [...rule].sort(([one], [other]) => (one < other ? -1 : 1)));
  return (event) => {
    const fields = fieldsOf(event);
    return sorted.some((conditions) => holds(conditions, fields, new Map()));
  };
}

/** Tries the conditions in the order of their paths: all values have to come from the same element of each array. */
function holds(
  conditions: readonly (readonly [string, readonly Alternative[]])[],
  fields: EventFields,
  so: Membership,
): boolean {
  const [first, ...rest] = conditions;
  if (first === undefined) return true;
  const [path, alternatives] = first;
  const reachable = (fields.get(path) ?? []).flatMap(({ value, membership }) => {
    const together = joined(so, membership);
    return together === undefined ? [] : [{ value, together }];
  });
  if (reachable.length === 0) return alternatives.includes("absent") && holds(rest, fields, so);
  const fitting = reachable.filter(({ value }) => alternatives.some((fits) => fits !== "absent" && fits(value)));
  return fitting.some(({ together }) => holds(rest, fields, together));
}

/** Returns `rules`, each with the conditions of `pattern` added. */
function compileObject(
  pattern: unknown,
  prefix: string,
  place: string,
  rules: readonly Conditions[],
  belowOr: boolean,
): readonly Conditions[] {
  if (typeof pattern !== "object" || pattern === null || Array.isArray(pattern))
    throw new Error(`${place}: expected an object`);
  const members = Object.entries(pattern);
  if (members.length === 0) throw new Error(`${place}: expected at least one field`);
  return members.reduce((made: readonly Conditions[], [name, inner]) => {
    const at = `${place}.${name}`;
    if (name === "$or") return compileOr(inner, prefix, at, made);
    if (belowOr && comparisonNames.test(name)) throw new Error(`${at}: expected no comparison here`);
    const path = prefix === "" ? name : `${prefix}.${name}`;
    if (!Array.isArray(inner)) return compileObject(inner, path, at, made, belowOr);
    if (inner.length === 0) throw new Error(`${at}: expected at least one value`);
    const alternatives = inner.map((value, n) => compileValue(value, `${at}.${n}`));
    return made.map((rule) => {
      if (rule.has(path)) throw new Error(`${at}: expected each path once`);
      return new Map([...rule, [path, alternatives]]);
    });
  }, rules);
}

function compileOr(
  alternatives: unknown,
  prefix: string,
  place: string,
  rules: readonly Conditions[],
): readonly Conditions[] {
  if (!Array.isArray(alternatives) || alternatives.length < 2)
    throw new Error(`${place}: expected a list of two or more`);
  return alternatives.flatMap((alternative, n) => compileObject(alternative, prefix, `${place}.${n}`, rules, true));
}
