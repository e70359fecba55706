import { unzipSync, zipSync } from "fflate";

/** A fixed date, in local time as zip has it, so that every run makes the same bytes in any time zone (zip knows no time before 1980). */
const buildDate = new Date(1980, 0, 1, 12);

/** Returns a zip of `files`, in the order of their names, with the same bytes at any time and place. */
export function zipOf(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const attributes = { mtime: buildDate, os: 3, attrs: 0o644 << 16 } as const;
  const sorted = Object.entries(files).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return zipSync(Object.fromEntries(sorted.map(([name, content]) => [name, [content, attributes]])));
}

/** Returns the files of a zip. Throws what fflate throws for bytes that are no zip. */
export function filesIn(zip: Uint8Array): Readonly<Record<string, Uint8Array>> {
  return unzipSync(zip);
}
