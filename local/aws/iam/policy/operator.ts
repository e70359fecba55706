import { BlockList, isIP } from "node:net";
import { matchesArn } from "./arn-pattern.ts";
import { type Context, patternOf } from "./pattern.ts";

/** Tells whether one value of the call satisfies one value of the policy, without any negation. */
export type Operator = (policyValue: string, value: string, context: Context) => boolean;

const text =
  (wildcards: boolean, ignoreCase = false): Operator =>
  (policyValue, value, context) =>
    patternOf(policyValue, context, { wildcards, ignoreCase })(value);

const compared =
  (parse: (text: string) => number | undefined, holds: (value: number, bound: number) => boolean): Operator =>
  (policyValue, value) => {
    const [bound, actual] = [parse(policyValue), parse(value)];
    return bound !== undefined && actual !== undefined && holds(actual, bound);
  };

const comparisons: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  equals: (value, bound) => value === bound,
  lessthan: (value, bound) => value < bound,
  lessthanequals: (value, bound) => value <= bound,
  greaterthan: (value, bound) => value > bound,
  greaterthanequals: (value, bound) => value >= bound,
};

/** The operators of IAM that deny nothing by themselves, in lower case; `Not...` is the negation of one of them. */
const operators: Readonly<Record<string, Operator>> = {
  stringequals: text(false),
  stringequalsignorecase: text(false, true),
  stringlike: text(true),
  arnequals: matchesArn,
  arnlike: matchesArn,
  bool: (policyValue, value) =>
    /^(true|false)$/i.test(policyValue) && policyValue.toLowerCase() === value.toLowerCase(),
  ipaddress: inNetwork,
  ...comparisonsOf("numeric", numberIn),
  ...comparisonsOf("date", timeIn),
};

/** Returns an operator and whether it is negated; undefined for a name that is not IAM's. */
export function operatorOf(name: string): { readonly test: Operator; readonly negated: boolean } | undefined {
  const lower = name.toLowerCase();
  const positive = lower === "notipaddress" ? "ipaddress" : lower.replace(/^(string|arn|numeric|date)not/, "$1");
  const test = Object.hasOwn(operators, positive) ? operators[positive] : undefined;
  return test && { test, negated: positive !== lower };
}

function inNetwork(policyValue: string, value: string): boolean {
  const [network = "", bits] = policyValue.split("/");
  const family = isIP(network) === 6 ? "ipv6" : "ipv4";
  if (isIP(network) === 0 || isIP(value) === 0 || isIP(value) !== isIP(network)) return false;
  const list = new BlockList();
  list.addSubnet(network, bits === undefined ? (family === "ipv6" ? 128 : 32) : Number(bits), family);
  return list.check(value, family);
}

function comparisonsOf(kind: string, parse: (text: string) => number | undefined): Readonly<Record<string, Operator>> {
  return Object.fromEntries(
    Object.entries(comparisons).map(([name, holds]) => [`${kind}${name}`, compared(parse, holds)]),
  );
}

function numberIn(value: string): number | undefined {
  return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
}

/** ms since the epoch; policies write ISO 8601, or seconds since the epoch. */
function timeIn(value: string): number | undefined {
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value);
  return Number.isNaN(ms) ? undefined : ms;
}
