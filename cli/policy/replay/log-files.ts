import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** A path that is given, and what lies under it; or why there is nothing. */
export type FoundFile = { readonly path: string } | { readonly path: string; readonly why: string };

/** Every file under `paths`, in the order of their names; `-` is standard input. */
export async function* filesUnder(paths: readonly string[]): AsyncIterable<FoundFile> {
  for (const path of paths)
    if (path === "-") yield { path };
    else yield* filesAt(path);
}

async function* filesAt(path: string): AsyncIterable<FoundFile> {
  try {
    if (!(await stat(path)).isDirectory()) {
      yield { path };
      return;
    }
    // Name by name: a year of logs has more files than anyone should hold at once.
    for (const name of (await readdir(path)).toSorted()) yield* filesAt(join(path, name));
  } catch {
    yield { path, why: "cannot be read" };
  }
}
