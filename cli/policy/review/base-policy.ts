import { execFile } from "node:child_process";
import { basename, dirname, resolve } from "node:path";
import { promisify } from "node:util";
import { quoted } from "../../../lib/domain/printable-text.ts";
import { InputError, UsageError } from "../../shell/input-error.ts";

/**
 * Returns the text of `file` as it is in the commit `ref` of its repository, or undefined if that commit has no such file. Throws a UsageError for a
 * text that names no commit, and an InputError where git cannot answer.
 */
export async function textAt(ref: string, file: string): Promise<string | undefined> {
  if (!/^[\w][\w./@{}~^-]*$/.test(ref))
    throw new UsageError(`expected a commit such as origin/main, found ${quoted(ref)}`);
  const cwd = dirname(resolve(file));
  if ((await git(cwd, "rev-parse", "--verify", "--quiet", `${ref}^{commit}`)) === undefined)
    throw new InputError(
      `git knows no commit ${quoted(ref)} here: fetch it first (in CI, a checkout with its whole history)`,
    );
  return await git(cwd, "show", `${ref}:./${basename(file)}`);
}

async function git(cwd: string, ...args: readonly string[]): Promise<string | undefined> {
  try {
    return (await promisify(execFile)("git", args, { cwd, encoding: "utf8", maxBuffer: 1 << 24 })).stdout;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT")
      throw new InputError("git is not installed, or the policy's folder does not exist");
    return undefined;
  }
}
