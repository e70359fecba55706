import { lstat, opendir, stat } from "node:fs/promises";
import { join } from "node:path";

/** A path that is given, and what lies under it; or why there is nothing. */
export type FoundFile = { readonly path: string } | { readonly path: string; readonly why: string };

/** Folders in folders that are looked into. */
const deepest = 64;

/** Every file under `paths`, in the order of their names; `-` is standard input. Links below a path are not followed: they may lead in a circle. */
export async function* filesUnder(paths: readonly string[]): AsyncIterable<FoundFile> {
  for (const path of paths) {
    if (path === "-") yield { path };
    else if (await isFolder(path)) yield* filesIn(path, 1);
    // A path that was typed may be a link or a pipe.
    else yield { path };
  }
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function* filesIn(folder: string, depth: number): AsyncIterable<FoundFile> {
  if (depth > deepest) {
    yield { path: folder, why: "lies too deep" };
    return;
  }
  let names: readonly string[];
  try {
    names = await namesIn(folder);
  } catch {
    yield { path: folder, why: "cannot be read" };
    return;
  }
  // Name by name: a year of logs has more files than anyone should hold at once.
  for (const name of names) yield* filesAt(join(folder, name), depth);
}

async function* filesAt(path: string, depth: number): AsyncIterable<FoundFile> {
  const found = await lstat(path).catch(() => undefined);
  if (found?.isDirectory()) yield* filesIn(path, depth + 1);
  else if (found?.isFile()) yield { path };
  else yield { path, why: found === undefined ? "cannot be read" : "is a link, or no file" };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { name } of await opendir(folder)) names.push(name);
  return names.sort();
}
