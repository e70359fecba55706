import { invalid, type Tokens } from "./tokens.ts";
import type { Item, Value } from "./value.ts";

/** The names and values that an expression refers to. */
export interface Context {
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, Value>>;
}

export type Read = (item: Item, context: Context) => Value | undefined;
export type ReadName = (context: Context) => string;

/** Parses the name of an attribute, also one of `#names`. */
export function parseName(tokens: Tokens): ReadName {
  const text = tokens.take();
  if (!/^#?[A-Za-z_]/.test(text)) throw invalid(`\`${text}\` is not the name of an attribute`);
  if (!text.startsWith("#")) return () => text;
  return ({ names }) => {
    const name = names[text];
    if (name === undefined) throw invalid(`\`${text}\` is not defined`);
    return name;
  };
}

/** Parses an attribute, a value, or one of the functions that return one. */
export function parseOperand(tokens: Tokens): Read {
  const text = tokens.peek() ?? "";
  if (text.startsWith(":")) {
    tokens.take();
    return (_, { values }) => {
      const value = values[text];
      if (value === undefined) throw invalid(`\`${text}\` is not defined`);
      return value;
    };
  }
  if (tokens.call !== undefined) return parseCall(tokens, tokens.call);
  const name = parseName(tokens);
  return (item, context) => item[name(context)];
}

function parseCall(tokens: Tokens, call: string): Read {
  const operands = parseArguments(tokens);
  const [first, second] = operands;
  if (first === undefined) throw invalid(`\`${call}\` needs an argument`);
  if (call === "size" && operands.length === 1) return (item, context) => sizeOf(first(item, context));
  if (second === undefined || operands.length > 2) throw invalid(`\`${call}\` needs two arguments`);
  if (call === "if_not_exists") return (item, context) => first(item, context) ?? second(item, context);
  if (call !== "list_append") throw invalid(`unknown function \`${call}\``);
  return (item, context) => {
    const [a, b] = [first(item, context), second(item, context)];
    if (a?.L === undefined || b?.L === undefined) throw invalid("list_append needs two lists");
    return { L: [...a.L, ...b.L] };
  };
}

/** Parses `name(a, b)` and returns what is between the brackets. */
export function parseArguments(tokens: Tokens): Read[] {
  tokens.take();
  tokens.expect("(");
  const operands = [parseOperand(tokens)];
  while (tokens.skip(",")) operands.push(parseOperand(tokens));
  tokens.expect(")");
  return operands;
}

function sizeOf(value: Value | undefined): Value | undefined {
  const size =
    value?.SS?.length ?? value?.L?.length ?? (value?.S === undefined ? undefined : Buffer.byteLength(value.S));
  return size === undefined ? undefined : { N: String(size) };
}
