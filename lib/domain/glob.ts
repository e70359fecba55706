/**
 * Whether the whole of `text` matches `pattern`, where `*` stands for any characters and `?` for exactly one. Never slower
 * than the product of both lengths, so a hostile alias or session name cannot stall the guard as it could a regular expression.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    if (pattern[p] === "*") {
      star = p++;
      resume = t;
    } else if (p < pattern.length && (pattern[p] === "?" || pattern[p] === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}

export function isGlob(pattern: string): boolean {
  return pattern.includes("*") || pattern.includes("?");
}

/** Answers whether a text is one of the values or matches one of the patterns; ten thousand exact values cost as much as one. */
export function matcherOf(values: readonly string[]): (text: string) => boolean {
  const exact = new Set(values.filter((value) => !isGlob(value)));
  const globs = values.filter(isGlob);
  return (text) => exact.has(text) || globs.some((glob) => matchesGlob(glob, text));
}
