import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import type { Readable } from "node:stream";
import type { Access } from "../../cli/shell/access.ts";
import { atExit } from "../../cli/shell/at-exit.ts";
import { root } from "../bundle.ts";
import { sealedEnvironment } from "../sealed-environment.ts";

interface Output {
  readonly print: (line: string) => void;
  readonly printError: (line: string) => void;
}

/**
 * Runs a script in an environment that holds the credentials of `access` and nothing else of this machine's AWS configuration, and passes on
 * its lines. Returns whether it ended well. The signal of `access` ends it, and so does the end of this process.
 */
export async function runPiped(
  script: string,
  args: readonly string[],
  access: Pick<Access, "credentials" | "endpointUrl" | "signal" | "alive"> & { readonly region: string },
  { print, printError }: Output,
): Promise<boolean> {
  const { signal, alive } = access;
  const home = mkdtempSync(join(tmpdir(), "reprieve-verify-"));
  const env = sealedEnvironment(process.env, home, access);
  const child = spawn(process.execPath, [resolve(root, script), ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  const kill = () => child.kill("SIGKILL");
  const stayed = atExit(kill);
  signal.addEventListener("abort", kill, { once: true });
  const reported = (report: (line: string) => void) => (line: string) => {
    alive();
    report(line);
  };
  try {
    const ended = new Promise<number | null>((closed, failed) => child.once("error", failed).once("close", closed));
    const [status] = await Promise.all([
      ended,
      eachLine(child.stdout, reported(print)),
      eachLine(child.stderr, reported(printError)),
    ]);
    return status === 0;
  } finally {
    stayed();
    signal.removeEventListener("abort", kill);
    rmSync(home, { recursive: true, force: true });
  }
}

async function eachLine(from: Readable, report: (line: string) => void): Promise<void> {
  for await (const line of createInterface({ input: from })) report(line);
}
