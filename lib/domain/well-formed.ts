/**
 * Returns `text`, cut to at most `maxBytes` bytes as canonical JSON writes it: UTF-8, with escapes such as `\u0000` at their full
 * length. Never splits a character, and replaces halves of characters: those have no canonical JSON, and so no place on record.
 */
export function wellFormed(text: string, maxBytes = Number.POSITIVE_INFINITY): string {
  // A character takes at least one byte, so nothing after this many can fit.
  const whole = text.slice(0, maxBytes + 1).toWellFormed();
  if (jsonBytes(whole) <= maxBytes) return whole;
  let [bytes, end] = [0, 0];
  for (const character of whole) {
    bytes += jsonBytes(character);
    if (bytes > maxBytes) break;
    end += character.length;
  }
  return whole.slice(0, end);
}

/** Returns the bytes that `text` takes between the quotes of canonical JSON. */
export function jsonBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text)) - 2;
}
