import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { account, region } from "../../../local/world/people.ts";
import { root } from "../../../scripts/bundle.ts";
import { pythonTools } from "../cache.ts";

export const version = "1.5.33";

/** A running MiniStack. */
export interface Emulator {
  readonly url: string;
  readonly logFile: string;
  stop(): Promise<void>;
}

/** Starts MiniStack on `port`; its functions run in this process' Node, and send every call to `functionsCall`. Throws where it does not come up. */
export async function startEmulator(port: number, functionsCall: string): Promise<Emulator> {
  const tools = pythonTools(`ministack==${version}`);
  const home = mkdtempSync(join(tmpdir(), "reprieve-ministack-"));
  const url = `http://127.0.0.1:${port}`;
  const env = {
    PATH: `${dirname(process.execPath)}:${process.env["PATH"]}`,
    HOME: home,
    TMPDIR: home,
    BIND_HOST: "127.0.0.1",
    GATEWAY_PORT: String(port),
    MINISTACK_ACCOUNT_ID: account,
    MINISTACK_REGION: region,
    AWS_ENDPOINT_URL: functionsCall,
    PYTHONDONTWRITEBYTECODE: "1",
  };
  const launch = resolve(root, "test/interop/ministack/launch.py");
  const child = spawn(join(tools, "python"), [launch], { env, cwd: home, detached: true });
  const logFile = join(home, "ministack.log");
  const log = createWriteStream(logFile);
  for (const stream of [child.stdout, child.stderr]) stream.pipe(log, { end: false });
  await untilHealthy(url, child);
  const stop = async () => {
    await ended(child);
    rmSync(home, { recursive: true, force: true });
  };
  return { url, logFile, stop };
}

async function untilHealthy(url: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (child.exitCode !== null) throw new Error(`MiniStack ended with status ${child.exitCode}`);
    const health = await fetch(`${url}/_ministack/health`).catch(() => undefined);
    if (health?.ok === true) return;
    await pause(200);
  }
  throw new Error("MiniStack did not answer within 120 s");
}

/** Ends MiniStack and the functions that it started, which are of its process group. */
async function ended(child: ChildProcess): Promise<void> {
  const exited = new Promise((done) => child.once("exit", done));
  if (child.exitCode !== null || child.pid === undefined) return;
  process.kill(-child.pid, "SIGKILL");
  await exited;
}

/** Returns a port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  return typeof address === "object" && address !== null ? address.port : 0;
}
