import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { removedAfter } from "../../cli/shell/half-done.ts";
import { makeFolder } from "../../cli/shell/make-folder.ts";
import { root } from "../../scripts/bundle.ts";

const folder = mkdtempSync(join(tmpdir(), "reprieve-half-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("what is half done", () => {
  it.each([
    ["the work fails", async () => await Promise.reject(new Error("no")), "no"],
    ["the work ends", async () => "done", "done"],
  ])("is gone when %s", async (_, work, came) => {
    const path = join(folder, "partial");
    mkdirSync(path);
    const before = process.listenerCount("exit");
    expect(await removedAfter(path, work).catch((error: Error) => error.message)).toBe(came);
    expect([existsSync(path), process.listenerCount("exit")]).toEqual([false, before]);
  });

  it("is gone when someone stops an export with Ctrl-C", async () => {
    // An AWS that never answers.
    const silent = createServer(() => {});
    await new Promise<void>((listening) => silent.listen(0, "127.0.0.1", listening));
    const endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const out = join(folder, "export");
    const args = ["audit", "export", "--out", out, "--endpoint-url", endpoint];
    const child = spawn(process.execPath, [resolve(root, "cli/reprieve.ts"), ...args], { stdio: "ignore" });
    const ended = new Promise<number | null>((closed) => child.once("close", closed));
    await expect.poll(() => readdirSync(folder)).toContain("export.partial");
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    expect(readdirSync(folder)).toEqual([]);
    silent.closeAllConnections();
    silent.close();
  });
});

describe("a folder", () => {
  it("that cannot be made is said, and not tried forever", async () => {
    await expect(makeFolder("/proc/nothing/here")).rejects.toThrow("the folder `/proc/nothing` cannot be made");
  });
});
