/** Facts of a call, by condition key in lower case; several values where the key can have several. */
export type Context = ReadonlyMap<string, string | readonly string[]>;

interface PatternOptions {
  /** Whether `*` and `?` stand for other characters. */
  readonly wildcards: boolean;
  readonly ignoreCase?: boolean;
}

const token = /\$\{(?<inside>[^}]*)\}|(?<wildcard>[*?])/g;

/**
 * Returns a test for one value of a policy: wildcards, the escapes `${*}`, `${?}`, `${$}`, and policy variables such as
 * `${aws:username}` or `${aws:username, 'nobody'}`. A value with a variable that the call does not have matches nothing.
 */
export function patternOf(text: string, context: Context, options: PatternOptions): (value: string) => boolean {
  let source = "";
  let end = 0;
  for (const match of text.matchAll(token)) {
    source += escaped(text.slice(end, match.index));
    end = match.index + match[0].length;
    const { inside, wildcard } = match.groups ?? {};
    const part = inside === undefined ? wildcardSource(wildcard, options) : variableSource(inside, context);
    if (part === undefined) return () => false;
    source += part;
  }
  const pattern = new RegExp(`^${source}${escaped(text.slice(end))}$`, options.ignoreCase === true ? "i" : "");
  return (value) => pattern.test(value);
}

function wildcardSource(wildcard: string | undefined, { wildcards }: PatternOptions): string {
  if (!wildcards) return `\\${wildcard}`;
  return wildcard === "*" ? ".*" : ".";
}

function variableSource(inside: string, context: Context): string | undefined {
  if (["*", "?", "$"].includes(inside)) return `\\${inside}`;
  const { name = "", fallback } = /^(?<name>[^,]*)(?:, '(?<fallback>.*)')?$/.exec(inside)?.groups ?? {};
  const value = context.get(name.trim().toLowerCase()) ?? fallback;
  return typeof value === "string" && value !== "" ? escaped(value) : undefined;
}

function escaped(literal: string): string {
  return literal.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
