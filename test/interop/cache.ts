import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** The folder that independent software is installed into. */
export const cacheFolder = process.env["REPRIEVE_INTEROP_CACHE"] || join(homedir(), ".cache/reprieve-interop");

const longestInstallMs = 600_000;

/** Returns the `bin` folder of a virtual environment with exactly these requirements; makes it once. Throws where pip fails, or takes more than ten minutes. */
export function pythonTools(...requirements: readonly string[]): string {
  const name = requirements.join("+").replaceAll(/[^\w.+-]+/g, "_");
  const folder = fill(name, (partial) => {
    execFileSync("python3", ["-m", "venv", partial], { stdio: "inherit", timeout: longestInstallMs });
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...requirements];
    execFileSync(join(partial, "bin/python"), pip, { stdio: "inherit", timeout: longestInstallMs });
  });
  return join(folder, "bin");
}

/** Returns the folder `name` of the cache; `make` fills it the first time, and an attempt that failed leaves none. */
export function fill(name: string, make: (folder: string) => void): string {
  const folder = join(cacheFolder, name);
  const done = join(cacheFolder, `${name}.done`);
  if (existsSync(done)) return folder;
  // A virtual environment names its own path: it cannot be made elsewhere and moved.
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  console.log(`installing ${name} into ${cacheFolder}`);
  make(folder);
  writeFileSync(done, "");
  return folder;
}

/** What a program printed, and how it ended. */
export interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program with no environment but `env` and PATH. Never throws for an exit status. */
export async function runProgram(
  file: string,
  args: readonly string[],
  { env = {}, cwd = cacheFolder }: { readonly env?: Readonly<Record<string, string>>; readonly cwd?: string } = {},
): Promise<Ran> {
  const options = { cwd, env: { PATH: process.env["PATH"], HOME: cacheFolder, ...env }, maxBuffer: 200_000_000 };
  try {
    return { status: 0, ...(await promisify(execFile)(file, [...args], options)) };
  } catch (error) {
    const { code, stdout = "", stderr = "" } = error as { code?: unknown; stdout?: string; stderr?: string };
    if (typeof code !== "number") throw error;
    return { status: code, stdout, stderr };
  }
}
