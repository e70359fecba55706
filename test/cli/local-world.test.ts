import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { announceWorld, localEndpoint, localWorld, runningWorlds } from "../../cli/stack/local-world.ts";

const base = mkdtempSync(join(tmpdir(), "reprieve-worlds-test-"));
afterAll(() => rmSync(base, { recursive: true }));
let made = 0;
const newFolder = () => join(base, String(++made));

describe("the world that --local finds", () => {
  it("is the one that runs, on whichever port, until it ends", () => {
    const folder = newFolder();
    const withdraw = announceWorld("http://127.0.0.1:5812", 1_000, folder);
    expect(localWorld(folder)).toBe("http://127.0.0.1:5812");
    withdraw();
    expect([localWorld(folder), runningWorlds(folder)]).toEqual([localEndpoint, []]);
  });

  it("is the newest of several, and none whose process is gone", async () => {
    const folder = newFolder();
    announceWorld("http://127.0.0.1:5001", 1_000, folder);
    const ended = spawn(process.execPath, ["-e", "0"]);
    await once(ended, "exit");
    const announced = (name: string, endpoint: string, pid: number, startedAt: number) =>
      writeFileSync(join(folder, name), JSON.stringify({ endpoint, pid, startedAt }));
    announced("2.json", "http://127.0.0.1:5002", process.pid, 2_000);
    announced("3.json", "http://127.0.0.1:5003", ended.pid ?? 0, 3_000);
    expect(runningWorlds(folder).map(({ endpoint }) => endpoint)).toEqual([
      "http://127.0.0.1:5002",
      "http://127.0.0.1:5001",
    ]);
  });

  it.each([
    ["another machine", JSON.stringify({ endpoint: "http://10.0.0.1:80", pid: process.pid, startedAt: 1 })],
    [
      "a name that begins alike",
      JSON.stringify({ endpoint: "http://127.0.0.1:80.evil", pid: process.pid, startedAt: 1 }),
    ],
    ["nothing that can be read", "{"],
  ])("is not %s", (_, text) => {
    const folder = newFolder();
    mkdirSync(folder);
    writeFileSync(join(folder, "1.json"), text);
    expect(localWorld(folder)).toBe(localEndpoint);
  });

  it("need not be announced: a machine where nothing can be written has none", () => {
    const file = newFolder();
    writeFileSync(file, "");
    chmodSync(file, 0o400);
    expect(() => announceWorld("http://127.0.0.1:5001", 1, join(file, "below"))()).not.toThrow();
  });
});
