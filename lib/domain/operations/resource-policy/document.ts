/** One statement of a key's resource policy, with whatever elements it has. */
export type Statement = Readonly<Record<string, unknown>>;

/** A key's resource policy as it was read. `none`: the key has no policy. `unreadable`: it is not a document that can be edited safely. */
export type PolicyReading =
  | { readonly kind: "none" }
  | { readonly kind: "unreadable" }
  | { readonly kind: "document"; readonly document: Statement; readonly statements: readonly Statement[] };

/** Characters that AWS allows in a policy, twice: nothing longer is read. */
const maxPolicyChars = 40_960;
/** A policy has five levels: statements, a statement, its condition, its keys, their values. */
const maxDepth = 12;

const unreadable: PolicyReading = { kind: "unreadable" };

/**
 * Reads `policy`, the `Policy` member of a GetResourcePolicy answer: text, or an object as the user guide prints it. `"{}"` and an absent member
 * are no policy. A document is read only if writing it again changes none of its values.
 */
export function readResourcePolicy(policy: unknown): PolicyReading {
  if (policy === undefined || policy === null) return { kind: "none" };
  const document = typeof policy === "string" ? parsed(policy) : policy;
  if (!isObject(document) || !isRewritable(document, 0)) return unreadable;
  if (Object.keys(document).length === 0) return { kind: "none" };
  const statements: readonly unknown[] = [document["Statement"] ?? []].flat();
  return statements.every(isObject) ? { kind: "document", document, statements } : unreadable;
}

/** Returns `document` with `statements` in place of its own, as text that PutResourcePolicy takes: it refuses characters above U+00FF. */
export function policyText(document: Statement, statements: readonly Statement[]): string {
  return escaped(JSON.stringify({ ...document, Statement: statements }));
}

/** Returns `statements` as text, for the record. */
export function statementsText(statements: readonly Statement[]): string {
  return escaped(JSON.stringify(statements));
}

function escaped(json: string): string {
  return json.replace(/[^\0-\xff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function parsed(text: string): unknown {
  if (text.length > maxPolicyChars) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    // Of two members of one name only the last is kept, and nobody says which of them the service obeys.
    return namesIn(value) === (text.match(nameToken)?.length ?? 0) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A name of a member in JSON text: no string value is followed by a colon. */
const nameToken = /"(?:[^"\\]|\\.)*"\s*:/g;

/** Returns how many members `value` has, with all below it. Throws a RangeError for a value that is nested without end. */
function namesIn(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce((sum: number, inner) => sum + namesIn(inner), own);
}

function isObject(value: unknown): value is Statement {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A number past 2^53 comes back changed, and so would a key named `__proto__`. INVARIANT: the recursion is bounded. */
function isRewritable(value: unknown, depth: number): boolean {
  if (typeof value === "number") return Number.isSafeInteger(value);
  if (typeof value !== "object" || value === null) return true;
  if (depth >= maxDepth || Object.hasOwn(value, "__proto__")) return false;
  return Object.values(value).every((inner) => isRewritable(inner, depth + 1));
}
