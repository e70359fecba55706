import { rmSync } from "node:fs";

/**
 * `work`, and whatever the result, `path` is gone afterwards: a folder that is half done, unless it was moved to its place. Also when someone
 * stops the command meanwhile (`cli/reprieve.ts` lets Ctrl-C end it as any other exit).
 */
export async function removedAfter<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  const remove = () => rmSync(path, { recursive: true, force: true });
  process.once("exit", remove);
  try {
    return await work();
  } finally {
    process.off("exit", remove);
    remove();
  }
}
