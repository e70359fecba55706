/** `text`, at most `max` characters of it, without halves of characters: those have no canonical JSON, and so no place on record. */
export function wellFormed(text: string, max = Number.POSITIVE_INFINITY): string {
  return text.slice(0, max).toWellFormed();
}
