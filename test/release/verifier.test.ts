import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifierKeyText } from "../../lib/domain/log/verifier-key.ts";
import { bundleVerifier } from "../../scripts/bundle-command.ts";
import { exportFolder, exportLog } from "../doubles/exported-log.ts";
import { loggedHours } from "../doubles/logged-cases.ts";

const { folder, remove } = exportFolder();
const verifier = join(folder, "reprieve-verify.mjs");
let digest = "";
let key: readonly string[] = [];

beforeAll(async () => {
  await bundleVerifier(verifier);
  const world = await loggedHours(3);
  ({ digest } = await exportLog(world, join(folder, "q3")));
  key = ["--key", verifierKeyText(world.key)];
});
afterAll(remove);

describe("the verifier", () => {
  const verify = (...args: string[]) =>
    spawnSync(process.execPath, [verifier, ...args], {
      encoding: "utf8",
      env: { NO_COLOR: "1" },
      cwd: folder,
    });

  it("is one file without an AWS client, and asks no network", () => {
    const text = readFileSync(verifier, "utf8");
    expect(text).not.toMatch(/aws-sdk|smithy/i);
    expect([...text.matchAll(/\bfrom ["']([^"']+)["']/g)].map(([, name]) => name?.replace("node:", "")).sort()).toEqual(
      expect.not.arrayContaining(["http", "https", "net", "tls", "dns"]),
    );
    expect(text).not.toMatch(/\bfetch\(/);
  });

  it.each<[string, string[], RegExp]>([
    ["no folder", [], /expected one folder/],
    ["an unknown option", [".", "--fast"], /^✗ unknown option `--fast`\n/],
    ["a malformed digest", [".", "--digest", "x"], /SHA-256 of 64 digits/],
    ["a malformed key", [".", "--key", "x"], /expected a verifier key/],
    ["a malformed date", [".", "--from", "x"], /expected a date/],
    ["a folder that is no export", ["."], /is not an export/],
  ])("refuses %s with status 2", (_, args, message) => {
    const { status, stderr } = verify(...args);
    expect([status, stderr]).toEqual([2, expect.stringMatching(message)]);
  });

  it("finds a whole export whole and anchored, and compares its digest", () => {
    const { status, stdout } = verify("q3", ...key, "--digest", digest, "--json");
    expect([status, JSON.parse(stdout)]).toEqual([
      0,
      expect.objectContaining({ whole: true, verdict: "whole", chains: 4, objects: 3, digest }),
    ]);
    expect(verify("q3", ...key, "--digest", "0".repeat(64)).status).toBe(1);
  });

  it("says with status 3 that nothing is proven without a key, or for a time that the log does not cover", () => {
    expect(verify("q3").status).toBe(3);
    expect(verify("q3", ...key, "--from", "2020-01-01").status).toBe(3);
  });

  it("finds a changed entry with status 1", () => {
    const file = join(folder, "q3/log/0000000001.jsonl");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace('"at":', '"at": '));
    const { status, stdout } = verify("q3", ...key, "--json");
    writeFileSync(file, text);
    expect([status, JSON.parse(stdout).whole]).toEqual([1, false]);
  });
});
