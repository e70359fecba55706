import { hash } from "node:crypto";
import canonicalize from "canonicalize";

/** `value` as canonical JSON (RFC 8785): one text per value, so that a hash over it means something. */
export function canonicalJson(value: object): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError("value has no JSON form");
  return text;
}

/**
 * Whether `text` is the canonical JSON of `value`. JSON may hold what has no canonical form: half a character, a number without end, a
 * nesting deeper than the stack.
 */
export function isCanonicalJson(value: object, text: string): boolean {
  try {
    return isPlainlyCanonical(value, text) || canonicalJson(value) === text;
  } catch {
    return false;
  }
}

/** The short way, for nearly all texts: JSON.stringify writes canonical JSON but for the order of names, and for halves of characters. */
function isPlainlyCanonical(value: object, text: string): boolean {
  return !text.includes("\\ud") && JSON.stringify(value) === text && hasSortedNames(value);
}

function hasSortedNames(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (Array.isArray(value)) return value.every(hasSortedNames);
  let before: string | undefined;
  for (const [name, member] of Object.entries(value)) {
    if ((before !== undefined && before >= name) || !hasSortedNames(member)) return false;
    before = name;
  }
  return true;
}

/** SHA-256 over the UTF-8 bytes of `text`, 64 lower-case hex digits. */
export function sha256Hex(text: string): string {
  return hash("sha256", text);
}
