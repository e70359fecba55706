import { type Context, parseArguments, parseOperand, type Read } from "./operand.ts";
import { invalid, Tokens } from "./tokens.ts";
import { compareValues, type Item, type Value } from "./value.ts";

export type Test = (item: Item, context: Context) => boolean;

const compiled = new Map<string, Test>();

/** Compiles a condition, a key condition or a filter. Throws a ValidationException. */
export function compileCondition(expression: string): Test {
  const known = compiled.get(expression);
  if (known !== undefined) return known;
  const tokens = new Tokens(expression);
  const test = parseOr(tokens);
  tokens.expectEnd();
  compiled.set(expression, test);
  return test;
}

function parseOr(tokens: Tokens): Test {
  const tests = [parseAnd(tokens)];
  while (tokens.skip("OR")) tests.push(parseAnd(tokens));
  return (item, context) => tests.some((test) => test(item, context));
}

function parseAnd(tokens: Tokens): Test {
  const tests = [parseNot(tokens)];
  while (tokens.skip("AND")) tests.push(parseNot(tokens));
  return (item, context) => tests.every((test) => test(item, context));
}

function parseNot(tokens: Tokens): Test {
  if (tokens.skip("NOT")) {
    const test = parseNot(tokens);
    return (item, context) => !test(item, context);
  }
  if (tokens.skip("(")) {
    const test = parseOr(tokens);
    tokens.expect(")");
    return test;
  }
  return tokens.call !== undefined && tokens.call !== "size"
    ? parsePredicate(tokens, tokens.call)
    : parseComparison(tokens);
}

function parsePredicate(tokens: Tokens, name: string): Test {
  const [first, second] = parseArguments(tokens);
  if (first === undefined) throw invalid(`\`${name}\` needs an argument`);
  if (name === "attribute_exists") return (item, context) => first(item, context) !== undefined;
  if (name === "attribute_not_exists") return (item, context) => first(item, context) === undefined;
  if (second === undefined) throw invalid(`unknown function \`${name}\` of one argument`);
  if (name === "begins_with")
    return (item, context) => first(item, context)?.S?.startsWith(second(item, context)?.S ?? "") ?? false;
  if (name === "contains") return (item, context) => contains(first(item, context), second(item, context));
  throw invalid(`unknown function \`${name}\``);
}

function contains(whole: Value | undefined, part: Value | undefined): boolean {
  const text = part?.S;
  if (text === undefined) return false;
  return whole?.SS?.includes(text) ?? whole?.S?.includes(text) ?? whole?.L?.some(({ S }) => S === text) ?? false;
}

const comparisons: Readonly<Record<string, (order: number | undefined) => boolean>> = {
  "=": (order) => order === 0,
  "<>": (order) => order !== 0,
  "<": (order) => order !== undefined && order < 0,
  "<=": (order) => order !== undefined && order <= 0,
  ">": (order) => order !== undefined && order > 0,
  ">=": (order) => order !== undefined && order >= 0,
};

function parseComparison(tokens: Tokens): Test {
  const left = parseOperand(tokens);
  const operator = tokens.take();
  if (operator.toUpperCase() === "BETWEEN") return parseBetween(tokens, left);
  const compare = comparisons[operator];
  if (compare === undefined) throw invalid(`unknown operator \`${operator}\``);
  const right = parseOperand(tokens);
  return (item, context) => compare(compareValues(left(item, context), right(item, context)));
}

function parseBetween(tokens: Tokens, operand: Read): Test {
  const low = parseOperand(tokens);
  tokens.expect("AND");
  const high = parseOperand(tokens);
  return (item, context) => {
    const value = operand(item, context);
    const [below, above] = [compareValues(value, low(item, context)), compareValues(value, high(item, context))];
    return below !== undefined && above !== undefined && below >= 0 && above <= 0;
  };
}
