import { type Context, parseName, parseOperand, type Read, type ReadName } from "./operand.ts";
import { invalid, Tokens } from "./tokens.ts";
import type { Item, Value } from "./value.ts";

export type Change = (item: Item, context: Context) => Item;
/** One action of a clause; `before` is the item as it was, which all right-hand sides read. */
type Action = (after: Record<string, Value>, before: Item, context: Context) => void;

const compiled = new Map<string, Change>();

/** Compiles an update expression of SET, REMOVE and ADD. Throws a ValidationException. */
export function compileUpdate(expression: string): Change {
  const known = compiled.get(expression);
  if (known !== undefined) return known;
  const tokens = new Tokens(expression);
  const actions: Action[] = [];
  while (!tokens.ended) {
    const clause = tokens.take().toUpperCase();
    do actions.push(parseAction(clause, tokens));
    while (tokens.skip(","));
  }
  const change: Change = (before, context) => {
    const after = { ...before };
    for (const action of actions) action(after, before, context);
    return after;
  };
  compiled.set(expression, change);
  return change;
}

function parseAction(clause: string, tokens: Tokens): Action {
  const name = parseName(tokens);
  switch (clause) {
    case "SET":
      tokens.expect("=");
      return set(name, parseOperand(tokens));
    case "REMOVE":
      return (after, _, context) => {
        delete after[name(context)];
      };
    case "ADD":
      return add(name, parseOperand(tokens));
    default:
      throw invalid(`unknown clause \`${clause}\``);
  }
}

function set(name: ReadName, operand: Read): Action {
  return (after, before, context) => {
    const value = operand(before, context);
    if (value === undefined) throw invalid("the expression refers to an attribute that does not exist");
    after[name(context)] = value;
  };
}

function add(name: ReadName, operand: Read): Action {
  return (after, before, context) => {
    const [attribute, more] = [name(context), operand(before, context)];
    const old = before[attribute];
    if (more?.SS !== undefined) after[attribute] = { SS: [...new Set([...(old?.SS ?? []), ...more.SS])] };
    else if (more?.N !== undefined) after[attribute] = { N: String(Number(old?.N ?? 0) + Number(more.N)) };
    else throw invalid("ADD takes a number or a set");
  };
}
