import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exportTrail } from "../../cli/trail/export-trail.ts";
import { noCheckpoints } from "../../cli/trail/stored-checkpoints.ts";
import { append, type Chain } from "../../lib/domain/ledger/chain.ts";
import type { EntryBody } from "../../lib/domain/ledger/entry.ts";
import { bundleVerifier } from "../../scripts/bundle-command.ts";
import { detection, toRestore } from "../doubles/case-builder.ts";
import { chainBefore } from "../doubles/chain-names.ts";
import { keyArn, t0 } from "../doubles/key-world.ts";

const folder = mkdtempSync(join(tmpdir(), "reprieve-verifier-"));
const verifier = join(folder, "reprieve-verify.mjs");
let digest = "";

beforeAll(async () => {
  await bundleVerifier(verifier);
  const bodies: readonly EntryBody[] = [detection(), toRestore];
  const chain = bodies.reduce<Chain>((before, body) => append(before, body, t0), chainBefore(bodies[0]));
  const trails = (async function* () {
    yield { case: `${keyArn()}#1`, texts: chain.texts, head: chain.head };
  })();
  const options = { out: join(folder, "q3"), from: 0, to: t0 + 1, source: "here", now: t0, progress: () => {} };
  ({ digest } = await exportTrail(trails, { ...options, checkpoints: noCheckpoints }));
});
afterAll(() => rmSync(folder, { recursive: true }));

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
    ["an unknown option", [".", "--fast"], /--fast/],
    ["a malformed digest", [".", "--digest", "x"], /SHA-256 of 64 digits/],
    ["a folder that is no export", ["."], /is no export/],
  ])("refuses %s with status 2", (_, args, message) => {
    const { status, stderr } = verify(...args);
    expect([status, stderr]).toEqual([2, expect.stringMatching(message)]);
  });

  it("finds a whole export whole, and compares its digest", () => {
    const { status, stdout } = verify("q3", "--digest", digest, "--json");
    expect([status, JSON.parse(stdout)]).toEqual([
      0,
      expect.objectContaining({ whole: true, otherDigest: false, cases: 1, entries: 2, digest }),
    ]);
    expect(verify("q3", "--digest", "0".repeat(64)).status).toBe(1);
  });

  it("finds a changed entry with status 1", () => {
    const file = join(folder, "q3/entries-0001.jsonl");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace('"at":', '"at": '));
    const { status, stdout } = verify("q3", "--json");
    writeFileSync(file, text);
    expect([status, JSON.parse(stdout).whole]).toEqual([1, false]);
  });
});
