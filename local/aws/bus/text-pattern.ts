import { BlockList, isIP } from "node:net";

/** Answers whether a text fits. */
export type TextMatcher = (text: string) => boolean;

export const textOperators = ["prefix", "suffix", "wildcard", "equals-ignore-case"] as const;
export type TextOperator = (typeof textOperators)[number];

export function isTextOperator(name: string): name is TextOperator {
  return (textOperators as readonly string[]).includes(name);
}

/** Compiles a comparison of texts. Throws an Error that names `path` for an operand that EventBridge refuses. */
export function compileText(operator: TextOperator, operand: string, path: string): TextMatcher {
  switch (operator) {
    case "prefix":
      return (text) => text.startsWith(operand);
    case "suffix":
      return (text) => text.endsWith(operand);
    case "wildcard":
      return compileWildcard(operand, path);
    case "equals-ignore-case":
      return (text) => text.toLowerCase() === operand.toLowerCase();
  }
}

/** A `*` stands for any text; a backslash makes it, and a backslash, ordinary. */
function compileWildcard(operand: string, path: string): TextMatcher {
  const parts = [""];
  for (const [token] of operand.matchAll(/\\.?|[^\\]/gsu)) {
    if (token === "*") parts.push("");
    else if (!token.startsWith("\\")) parts.push(`${parts.pop()}${token}`);
    else if (token === "\\\\" || token === "\\*") parts.push(`${parts.pop()}${token.slice(1)}`);
    else throw new Error(`${path}: expected \\* or \\\\ after a backslash`);
  }
  if (parts.slice(1, -1).includes("")) throw new Error(`${path}: expected no consecutive wildcards`);
  return (text) => hasParts(parts, text);
}

/** Whether a text consists of the parts in this order, with anything between them. */
function hasParts([first = "", ...rest]: readonly string[], text: string): boolean {
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

/**
 * Compiles a network such as 10.0.0.0/24. EventBridge refuses those of one address; those of fewer than 8 bits are refused here, because AWS's library
 * compares digits and then also matches numbers and addresses of the other family. Throws an Error that names `path`.
 */
export function compileNetwork(operand: string, path: string): TextMatcher {
  const [address = "", prefix = "", ...rest] = operand.split("/");
  const [family, longest] = isIP(address) === 6 ? (["ipv6", 127] as const) : (["ipv4", 31] as const);
  if (isIP(address) === 0 || !/^\d{1,3}$/.test(prefix) || Number(prefix) > longest || rest.length > 0)
    throw new Error(`${path}: expected a network such as 10.0.0.0/24`);
  if (Number(prefix) < 8) throw new Error(`${path}: expected a network of at least 8 bits`);
  const list = new BlockList();
  list.addSubnet(address, Number(prefix), family);
  return (text) => isIP(text) === (family === "ipv6" ? 6 : 4) && list.check(text, family);
}

/** Compiles one exact text; addresses are equal however they are written. */
export function compileExact(expected: string): TextMatcher {
  if (isIP(expected) !== 6) return (text) => text === expected;
  const list = new BlockList();
  list.addAddress(expected, "ipv6");
  return (text) => text === expected || (isIP(text) === 6 && list.check(text, "ipv6"));
}
