import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";

/** A stage file or a policy is never longer (bytes). */
const longest = 2_000_000;

/** Reads a file of configuration. Throws for a folder, a device or a pipe, which may have no end, and for one above 2 MB. */
export function readTextFile(path: string): string {
  // A pipe that nobody writes to would keep the opening itself waiting.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = fstatSync(file);
    if (!found.isFile()) throw new Error("it is not a file");
    if (found.size > longest) throw new Error(`it has ${found.size} bytes, expected at most ${longest}`);
    return readFileSync(file, "utf8");
  } finally {
    closeSync(file);
  }
}
