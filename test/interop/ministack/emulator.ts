import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { account, region } from "../../../local/world/people.ts";
import { root } from "../../../scripts/bundle.ts";
import { pythonTools } from "../cache.ts";

export const version = "1.5.33";

const logLines = 60;

/** A running MiniStack. */
export interface Emulator {
  /** Returns the last lines that it and its functions printed. */
  logTail(): string;
  stop(): Promise<void>;
}

/** Starts MiniStack on `port`; its functions run in this process' Node, and send every call to `functionsCall`. Throws where it does not come up. */
export async function startEmulator(port: number, functionsCall: string): Promise<Emulator> {
  const tools = pythonTools(`ministack==${version}`);
  const home = mkdtempSync(join(tmpdir(), "reprieve-ministack-"));
  const logFile = join(home, "ministack.log");
  const child = launched(join(tools, "python"), home, logFile, {
    GATEWAY_PORT: String(port),
    AWS_ENDPOINT_URL: functionsCall,
  });
  const kill = () => endGroup(child);
  process.once("exit", kill);
  const logTail = () => readFileSync(logFile, "utf8").split("\n").slice(-logLines).join("\n");
  const stop = async () => {
    const exited = child.exitCode === null && child.signalCode === null ? once(child, "exit") : undefined;
    kill();
    process.off("exit", kill);
    await exited;
    rmSync(home, { recursive: true, force: true });
  };
  try {
    await untilHealthy(`http://127.0.0.1:${port}`, child);
  } catch (error) {
    const log = logTail();
    await stop();
    throw new Error(`${String(error)}, after\n${log}`, { cause: error });
  }
  return { logTail, stop };
}

function launched(python: string, home: string, logFile: string, env: Readonly<Record<string, string>>): ChildProcess {
  const launch = resolve(root, "test/interop/ministack/launch.py");
  const log = openSync(logFile, "a");
  const child = spawn(python, [launch], {
    cwd: home,
    detached: true,
    stdio: ["ignore", log, log],
    env: {
      PATH: `${dirname(process.execPath)}:${process.env["PATH"]}`,
      HOME: home,
      TMPDIR: home,
      BIND_HOST: "127.0.0.1",
      MINISTACK_ACCOUNT_ID: account,
      MINISTACK_REGION: region,
      PYTHONDONTWRITEBYTECODE: "1",
      PYTHONUNBUFFERED: "1",
      ...env,
    },
  });
  closeSync(log);
  return child;
}

async function untilHealthy(url: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 1500; tries += 1) {
    if (child.exitCode !== null) throw new Error(`MiniStack ended with status ${child.exitCode}`);
    const health = await fetch(`${url}/_ministack/health`).catch(() => undefined);
    if (health?.ok === true) return;
    await pause(200);
  }
  throw new Error("MiniStack did not answer within five minutes");
}

/** Ends MiniStack and the functions that it started, which are of its process group. */
function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // The group has ended by itself.
  }
}

/** Returns a port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  return typeof address === "object" && address !== null ? address.port : 0;
}
