import { hash } from "node:crypto";
import canonicalize from "canonicalize";

/** `value` as canonical JSON (RFC 8785): one text per value, so that a hash over it means something. */
export function canonicalJson(value: object): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError("value has no JSON form");
  return text;
}

/** SHA-256 over the UTF-8 bytes of `text`, 64 lower-case hex digits. */
export function sha256Hex(text: string): string {
  return hash("sha256", text);
}
