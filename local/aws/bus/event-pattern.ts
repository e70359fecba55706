import { BlockList, isIP } from "node:net";
import { matchesGlob } from "../../../lib/domain/policy/match/glob.ts";

/** Answers whether an event matches. */
export type EventMatcher = (event: unknown) => boolean;

/**
 * An EventBridge event pattern as a matcher (EventBridge user guide, "Comparison operators"). Throws an Error that names the place
 * for a pattern that EventBridge would not accept.
 */
export function compilePattern(pattern: unknown, path = "pattern"): EventMatcher {
  if (!isObject(pattern)) throw new Error(`${path}: expected an object`);
  const { $or: alternatives, ...fields } = pattern;
  const matchers = Object.entries(fields).map(([name, inner]) => compileField(name, inner, `${path}.${name}`));
  if (alternatives !== undefined) matchers.push(compileOr(alternatives, `${path}.$or`));
  if (matchers.length === 0) throw new Error(`${path}: expected at least one field`);
  return (event) => matchers.every((matches) => matches(event));
}

function compileOr(alternatives: unknown, path: string): EventMatcher {
  if (!Array.isArray(alternatives) || alternatives.length < 2)
    throw new Error(`${path}: expected a list of two or more`);
  const matchers = alternatives.map((alternative, n) => compilePattern(alternative, `${path}.${n}`));
  return (event) => matchers.some((matches) => matches(event));
}

function compileField(name: string, inner: unknown, path: string): EventMatcher {
  if (Array.isArray(inner)) {
    if (inner.length === 0) throw new Error(`${path}: expected at least one value`);
    const leaves = inner.map((value, n) => compileValue(value, `${path}.${n}`));
    return (event) => {
      const found = valuesOf(event, name);
      return leaves.some((matches) => matches(found));
    };
  }
  const nested = compilePattern(inner, path);
  return (event) => {
    const found = valuesOf(event, name);
    return found === undefined ? nested({}) : found.some(nested);
  };
}

/** The value of a field as a list, since a pattern matches an array when any of its elements does; undefined when absent. */
function valuesOf(event: unknown, name: string): readonly unknown[] | undefined {
  if (!isObject(event) || !Object.hasOwn(event, name)) return undefined;
  const value = event[name];
  return Array.isArray(value) ? value : [value];
}

type LeafMatcher = (values: readonly unknown[] | undefined) => boolean;

/** Some present value fits. */
const some =
  (fits: (value: unknown) => boolean): LeafMatcher =>
  (values) =>
    values?.some(fits) ?? false;
const someText = (fits: (text: string) => boolean): LeafMatcher =>
  some((value) => typeof value === "string" && fits(value));

function compileValue(value: unknown, path: string): LeafMatcher {
  if (value === null || ["string", "number", "boolean"].includes(typeof value)) return some((found) => found === value);
  if (!isObject(value) || Object.keys(value).length !== 1)
    throw new Error(`${path}: expected a value or one comparison`);
  const [[operator, operand] = ["", undefined]] = Object.entries(value);
  return compileComparison(operator, operand, `${path}.${operator}`);
}

function compileComparison(operator: string, operand: unknown, path: string): LeafMatcher {
  switch (operator) {
    case "exists":
      if (typeof operand !== "boolean") throw new Error(`${path}: expected true or false`);
      return (values) => (values !== undefined) === operand;
    case "prefix":
    case "suffix":
    case "wildcard":
    case "equals-ignore-case":
      return someText(textComparison(operator, operand, path));
    case "anything-but":
      return compileAnythingBut(operand, path);
    case "numeric":
      return some(numericComparison(operand, path));
    case "cidr":
      return someText(networkComparison(operand, path));
    default:
      throw new Error(`${path}: there is no such comparison`);
  }
}

function textComparison(operator: string, operand: unknown, path: string): (text: string) => boolean {
  if (isObject(operand) && (operator === "prefix" || operator === "suffix")) {
    const folded = textOf(operand["equals-ignore-case"], path).toLowerCase();
    const starts = operator === "prefix";
    return (text) => (starts ? text.toLowerCase().startsWith(folded) : text.toLowerCase().endsWith(folded));
  }
  const expected = textOf(operand, path);
  switch (operator) {
    case "prefix":
      return (text) => text.startsWith(expected);
    case "suffix":
      return (text) => text.endsWith(expected);
    case "wildcard":
      if (expected.includes("**")) throw new Error(`${path}: expected no consecutive wildcards`);
      // In a wildcard pattern `?` is an ordinary character.
      return (text) => (expected.split("?").length === 1 ? matchesGlob(expected, text) : matchesStars(expected, text));
    default:
      return (text) => text.toLowerCase() === expected.toLowerCase();
  }
}

/** Like a glob in which only `*` is special. */
function matchesStars(pattern: string, text: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  let from = first.length;
  const end = text.length - last.length;
  return rest.every((part) => {
    const at = text.indexOf(part, from);
    from = at + part.length;
    return at >= 0 && from <= end;
  });
}

function textOf(operand: unknown, path: string): string {
  if (typeof operand !== "string") throw new Error(`${path}: expected text`);
  return operand;
}

/** Matches a value that is present and none of the given ones. */
function compileAnythingBut(operand: unknown, path: string): LeafMatcher {
  if (isObject(operand)) {
    const [[operator, inner] = ["", undefined]] = Object.entries(operand);
    if (!["prefix", "suffix", "wildcard", "equals-ignore-case"].includes(operator))
      throw new Error(`${path}: there is no such comparison`);
    const listed = (Array.isArray(inner) ? inner : [inner]).map((one) => textComparison(operator, one, path));
    return some((value) => typeof value === "string" && !listed.some((fits) => fits(value)));
  }
  const listed: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  if (
    listed.length === 0 ||
    !listed.every((one) => one === null || ["string", "number", "boolean"].includes(typeof one))
  )
    throw new Error(`${path}: expected values`);
  return some((value) => !listed.includes(value));
}

const comparisons: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  "=": (a, b) => a === b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};

function numericComparison(operand: unknown, path: string): (value: unknown) => boolean {
  if (!Array.isArray(operand) || (operand.length !== 2 && operand.length !== 4))
    throw new Error(`${path}: expected one or two comparisons with a number`);
  const tests: ((value: number) => boolean)[] = [];
  for (let n = 0; n < operand.length; n += 2) {
    const compare = comparisons[String(operand[n])];
    const bound: unknown = operand[n + 1];
    if (compare === undefined || typeof bound !== "number")
      throw new Error(`${path}: expected a comparison with a number`);
    tests.push((value: number) => compare(value, bound));
  }
  return (value) => typeof value === "number" && tests.every((fits) => fits(value));
}

function networkComparison(operand: unknown, path: string): (text: string) => boolean {
  const [address = "", prefix = ""] = textOf(operand, path).split("/");
  const family = isIP(address) === 6 ? "ipv6" : "ipv4";
  if (isIP(address) === 0 || !/^\d{1,3}$/.test(prefix))
    throw new Error(`${path}: expected a network such as 10.0.0.0/24`);
  const list = new BlockList();
  list.addSubnet(address, Number(prefix), family);
  return (text) => isIP(text) !== 0 && list.check(text, isIP(text) === 6 ? "ipv6" : "ipv4");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
