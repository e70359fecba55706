import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where `npm start` listens unless another port is named, and where --local looks when no world has announced itself. */
export const localEndpoint = "http://127.0.0.1:4700";

/** A world on this machine that is running. */
interface AnnouncedWorld {
  readonly endpoint: string;
  readonly pid: number;
  /** ms since the epoch. */
  readonly startedAt: number;
}

const user = process.getuid?.() ?? 0;

/** The folder in which the worlds of this user announce themselves, one file for each. */
export const worldsFolder = join(tmpdir(), `reprieve-worlds-${user}`);

/** Announces a world until the returned function is called, or its process ends. A machine on which nothing can be written has none announced. */
export function announceWorld(endpoint: string, startedAt: number, folder = worldsFolder): () => void {
  const file = join(folder, `${process.pid}.json`);
  const world: AnnouncedWorld = { endpoint, pid: process.pid, startedAt };
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(file, JSON.stringify(world), { mode: 0o600 });
  } catch {
    return () => {};
  }
  const withdraw = () => rmSync(file, { force: true });
  process.once("exit", withdraw);
  return withdraw;
}

/** Returns the endpoint of the world that was started last and still runs, or the usual one where none is announced. */
export function localWorld(folder = worldsFolder): string {
  return runningWorlds(folder)[0]?.endpoint ?? localEndpoint;
}

/** Returns the announced worlds that still run, the newest first. Trusts only files of this user: the folder lies where anyone may write. */
export function runningWorlds(folder = worldsFolder): readonly AnnouncedWorld[] {
  try {
    if (process.getuid !== undefined && statSync(folder).uid !== user) return [];
    const worlds = readdirSync(folder).flatMap((name) => worldIn(join(folder, name)) ?? []);
    return worlds.toSorted((a, b) => b.startedAt - a.startedAt);
  } catch {
    return [];
  }
}

function worldIn(file: string): AnnouncedWorld | undefined {
  try {
    const { endpoint, pid, startedAt } = JSON.parse(readFileSync(file, "utf8")) as AnnouncedWorld;
    // Signal 0 is not sent; it only asks whether the process is there.
    process.kill(pid, 0);
    return /^http:\/\/127\.0\.0\.1:\d{1,5}$/.test(endpoint)
      ? { endpoint, pid, startedAt: Number(startedAt) }
      : undefined;
  } catch {
    return undefined;
  }
}
