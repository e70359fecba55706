import { rmSync } from "node:fs";
import { atExit } from "./at-exit.ts";

/**
 * `work`, and whatever the result, `path` is gone afterwards: a folder that is half done, unless it was moved to its place. Also when someone
 * stops the command meanwhile (`cli/reprieve.ts` lets Ctrl-C end it as any other exit).
 */
export async function removedAfter<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  // A file that is just being made in it is removed by the next try.
  const remove = () => rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  const stayed = atExit(remove);
  try {
    return await work();
  } finally {
    stayed();
    remove();
  }
}
