import type { News } from "./next-object.ts";

/** The lines of one object take at most this many bytes, so that any reader can hold it. */
const partBytes = 8 * 1024 * 1024;

/**
 * Cuts news that are too large for one object. The reports come first, and only the last part says that the whole table was read: nothing
 * follows from the others for what is not in them.
 */
export function inParts(news: News): readonly News[] {
  const parts: string[][] = [[]];
  let bytes = 0;
  for (const line of news.lines) {
    bytes += Buffer.byteLength(line) + 1;
    if (bytes > partBytes) {
      parts.push([]);
      bytes = Buffer.byteLength(line) + 1;
    }
    parts.at(-1)?.push(line);
  }
  const { headsSha256, ...rest } = news;
  return parts.map((lines, n) => ({
    ...rest,
    lines,
    ...(n === 0 ? headsSha256 !== undefined && { headsSha256 } : { differs: [], outOfOrder: [] }),
    ...(n < parts.length - 1 && { scope: "open" as const }),
  }));
}
