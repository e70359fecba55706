/**
 * Characters that change what a reader sees around them: controls (C0, DEL, C1), text direction, zero width, line and paragraph
 * separators, lone surrogates. In a terminal or a chat they can hide, forge or reorder what was written.
 */
const unprintable =
  /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu;

/** Nearly every text: printable ASCII alone. */
const plain = /^[ -~]*$/;

/**
 * `text` from an event, safe for a terminal or a log line: what cannot be shown becomes `\u{..}`, and what is longer than
 * `maxLength` characters is cut.
 */
export function printableText(text: string, maxLength = 200): string {
  if (text.length <= maxLength && plain.test(text)) return text;
  // Whole characters, so that no cut leaves half of one behind; sliced first, since a hostile text may be very long.
  const characters = Array.from(text.slice(0, 2 * maxLength + 2));
  const shown = characters.slice(0, maxLength).join("").replace(unprintable, escaped);
  return characters.length > maxLength ? `${shown}…` : shown;
}

function escaped(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** `text` as a value in a message: printable, short, and in backticks that it cannot close. */
export function quoted(text: string): string {
  return `\`${printableText(text.replaceAll("`", "'"), 80)}\``;
}
