import type { Scalar } from "./event-fields.ts";
import { compileExact, compileNetwork, compileText, isTextOperator, type TextMatcher } from "./text-pattern.ts";

/** Answers whether a value fits. */
type ValueMatcher = (value: Scalar) => boolean;

/** One alternative of a field: a test of its value, or that the field is absent. */
export type Alternative = ValueMatcher | "absent";

/** Compiles one element of a field's list. Throws an Error that names `path` for what EventBridge refuses. */
export function compileValue(value: unknown, path: string): Alternative {
  if (typeof value === "string") return ofText(compileExact(value));
  if (value === null || typeof value === "number" || typeof value === "boolean") return (found) => found === value;
  const [operator, operand] = onlyMember(value, path, "a value or one comparison");
  return compileComparison(operator, operand, `${path}.${operator}`);
}

function compileComparison(operator: string, operand: unknown, path: string): Alternative {
  if (isTextOperator(operator)) {
    if (typeof operand === "string") return ofText(compileText(operator, operand, path));
    if (operator !== "prefix" && operator !== "suffix") throw new Error(`${path}: expected text`);
    return ofText(ignoringCase(operator, operand, path));
  }
  switch (operator) {
    case "exists":
      if (typeof operand !== "boolean") throw new Error(`${path}: expected true or false`);
      return operand ? () => true : "absent";
    case "anything-but":
      return compileAnythingBut(operand, path);
    case "numeric":
      return compileNumeric(operand, path);
    case "cidr":
      return ofText(compileNetwork(textOf(operand, path), path));
    default:
      throw new Error(`${path}: there is no such comparison`);
  }
}

function ofText(fits: TextMatcher): ValueMatcher {
  return (value) => typeof value === "string" && fits(value);
}

function ignoringCase(operator: "prefix" | "suffix", operand: unknown, path: string): TextMatcher {
  const [inner, text] = onlyMember(operand, path, "text");
  if (inner !== "equals-ignore-case") throw new Error(`${path}: there is no such comparison`);
  const folded = compileText(operator, textOf(text, path).toLowerCase(), path);
  return (found) => folded(found.toLowerCase());
}

/** Matches a value that exists and equals none of the given ones; a value of another type equals none of them. */
function compileAnythingBut(operand: unknown, path: string): ValueMatcher {
  if (typeof operand === "object" && operand !== null && !Array.isArray(operand)) {
    const [operator, inner] = onlyMember(operand, path, "one comparison");
    if (!isTextOperator(operator)) throw new Error(`${path}: there is no such comparison`);
    const listed = listOf(inner, path).map((one) => {
      const text = textOf(one, path);
      if (text === "" && (operator === "prefix" || operator === "suffix"))
        throw new Error(`${path}: expected a text that is not empty`);
      return ofText(compileText(operator, text, path));
    });
    return (value) => !listed.some((fits) => fits(value));
  }
  const listed = listOf(operand, path);
  const types = new Set(listed.map((one) => typeof one));
  if (types.size !== 1 || !(types.has("string") || types.has("number")))
    throw new Error(`${path}: expected values that are all texts or all numbers`);
  return (value) => !listed.includes(value);
}

function listOf(operand: unknown, path: string): readonly unknown[] {
  const listed: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  if (listed.length === 0) throw new Error(`${path}: expected at least one value`);
  return listed;
}

const comparisons: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  "=": (a, b) => a === b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};

/** Compiles one comparison, or a range from a lower bound to a higher one. */
function compileNumeric(operand: unknown, path: string): ValueMatcher {
  if (!Array.isArray(operand) || (operand.length !== 2 && operand.length !== 4))
    throw new Error(`${path}: expected one or two comparisons with a number`);
  const [operator, bound, upperOperator, upperBound] = operand as readonly unknown[];
  const tests = [comparisonWith(operator, bound, path)];
  if (operand.length === 4) {
    const isRange = /^>=?$/.test(String(operator)) && /^<=?$/.test(String(upperOperator));
    tests.push(comparisonWith(upperOperator, upperBound, path));
    if (!isRange || Number(bound) >= Number(upperBound))
      throw new Error(`${path}: expected a range from a lower bound to a higher one`);
  }
  return (value) => typeof value === "number" && tests.every((fits) => fits(value));
}

function comparisonWith(operator: unknown, bound: unknown, path: string): (value: number) => boolean {
  const compare = typeof operator === "string" ? comparisons[operator] : undefined;
  if (compare === undefined || typeof bound !== "number")
    throw new Error(`${path}: expected a comparison with a number`);
  return (value) => compare(value, bound);
}

function textOf(operand: unknown, path: string): string {
  if (typeof operand !== "string") throw new Error(`${path}: expected text`);
  return operand;
}

function onlyMember(value: unknown, path: string, expected: string): readonly [string, unknown] {
  const members = typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
  const [member] = members;
  if (member === undefined || members.length !== 1) throw new Error(`${path}: expected ${expected}`);
  return member;
}
