import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type { CliContext } from "../../cli/context.ts";
import { run } from "../../cli/run.ts";
import { exportTrail, type StoredTrail } from "../../cli/trail/export-trail.ts";
import { noCheckpoints } from "../../cli/trail/stored-checkpoints.ts";
import { verifyTrail } from "../../cli/trail/verify-trail.ts";
import { caseNameText } from "../../lib/domain/ledger/case-name.ts";
import { append, type Chain } from "../../lib/domain/ledger/chain.ts";
import type { EntryBody } from "../../lib/domain/ledger/entry.ts";
import { detection, toRestore } from "../doubles/case-builder.ts";
import { chainBefore } from "../doubles/chain-names.ts";
import { keyArn, t0 } from "../doubles/key-world.ts";

const folder = mkdtempSync(join(tmpdir(), "reprieve-audit-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Case number `n`, with as many entries as it takes. */
function trail(n: number, entries = 4, at = t0): StoredTrail {
  const name = { keyArn: keyArn(`audit${String(n).padStart(11, "0")}`), generation: 1 };
  const more: EntryBody[] = Array.from({ length: entries - 2 }, (_, k) => ({
    kind: "effect-failed",
    effect: "restore",
    code: "CONTROL_PLANE_UNAVAILABLE",
    attempt: k + 1,
  }));
  const bodies: readonly EntryBody[] = [detection({ case: name }), toRestore, ...more];
  const chain = bodies.reduce<Chain>((before, body) => append(before, body, at), chainBefore(bodies[0]));
  return { case: caseNameText(name), texts: chain.texts, head: chain.head };
}
async function* each(trails: readonly StoredTrail[]): AsyncIterable<StoredTrail> {
  yield* trails;
}
let made = 0;
async function exported(trails: readonly StoredTrail[], over: { from?: number; to?: number } = {}) {
  made += 1;
  const out = join(folder, `export-${made}`);
  const options = {
    out,
    from: 0,
    to: t0 + 1,
    source: "here",
    checkpoints: noCheckpoints,
    now: t0,
    progress: () => {},
    ...over,
  };
  return { out, ...(await exportTrail(each(trails), options)) };
}
const verify = async (out: string) => await verifyTrail(out, () => {});
const damageOf = async (out: string) => (await verify(out)).findings.map(({ damage }) => damage);

describe("an export", () => {
  it("is whole, and its digest is that of its manifest", async () => {
    const { out, cases, entries, digest } = await exported([trail(1), trail(2, 6), trail(3)]);
    expect([cases, entries]).toEqual([3, 14]);
    expect(readdirSync(out).sort()).toEqual([
      ...["checkpoints.jsonl", "entries-0001.jsonl", "heads.jsonl", "irregular.jsonl", "manifest.json"],
    ]);
    expect(
      createHash("sha256")
        .update(readFileSync(join(out, "manifest.json")))
        .digest("hex"),
    ).toBe(digest);
    expect(await verify(out)).toEqual({
      ...{ cases: 3, entries: 14, findings: [], found: 0, digest },
      ...{ checkpoints: { count: 0, late: 0, signed: 0 }, unanchored: 14 },
    });
  });

  it("can be checked with sha256sum alone: a line's hash stands in the next one", async () => {
    const { out } = await exported([trail(1)]);
    const [first = "", second = "{}"] = readFileSync(join(out, "entries-0001.jsonl"), "utf8").split("\n");
    expect(JSON.parse(second).prev).toBe(createHash("sha256").update(first).digest("hex"));
  });

  it("holds the cases of the time asked for, whole", async () => {
    const { out } = await exported([trail(1, 4, t0), trail(2, 4, t0 + 1000)], { from: t0 + 1000, to: t0 + 1001 });
    expect(await verify(out)).toMatchObject({ cases: 1, entries: 4, found: 0 });
  });

  it("of nothing is an export too", async () => {
    const { out } = await exported([]);
    expect(await verify(out)).toMatchObject({ cases: 0, entries: 0, found: 0 });
  });

  it("takes a damaged case as it is, and its verification names it", async () => {
    const { texts, ...rest } = trail(2);
    const { out } = await exported([trail(1), { ...rest, texts: texts.slice(0, -1) }]);
    expect((await verify(out)).findings).toEqual([{ damage: "head-differs", case: rest.case, seq: 3 }]);
  });

  it("writes over nothing", async () => {
    const { out } = await exported([trail(1)]);
    const again = exportTrail(each([]), {
      out,
      from: 0,
      to: 1,
      source: "",
      checkpoints: noCheckpoints,
      now: 0,
      progress: () => {},
    });
    await expect(again).rejects.toThrow("is there already");
    expect(await verify(out)).toMatchObject({ cases: 1, found: 0 });
  });

  it("onto a disk that fails is an error, and leaves nothing", async () => {
    const out = join(folder, "no-disk");
    // The folder goes away under it: what the file system says comes when nobody waits for it.
    async function* pulledAway() {
      rmSync(`${out}.partial`, { recursive: true });
      for (let n = 1; n < 40; n++) {
        yield trail(n);
        await new Promise((later) => setTimeout(later, 5));
      }
    }
    const options = { out, from: 0, to: t0 + 1, source: "", checkpoints: noCheckpoints, now: 0, progress: () => {} };
    await expect(exportTrail(pulledAway(), options)).rejects.toMatchObject({ code: "ENOENT" });
    expect(readdirSync(folder).filter((name) => name.startsWith("no-disk"))).toEqual([]);
  });

  it("that is cut off leaves nothing", async () => {
    async function* broken() {
      yield trail(1);
      throw new Error("the network is gone");
    }
    const out = join(folder, "cut-off");
    const cut = exportTrail(broken(), {
      out,
      from: 0,
      to: t0 + 1,
      source: "",
      checkpoints: noCheckpoints,
      now: 0,
      progress: () => {},
    });
    await expect(cut).rejects.toThrow("the network is gone");
    expect(readdirSync(folder).filter((name) => name.startsWith("cut-off"))).toEqual([]);
  });
});

describe("anyone who changes an export is found", () => {
  let out: string;
  beforeEach(async () => {
    ({ out } = await exported([trail(1), trail(2), trail(3)]));
  });
  const change = (file: string, by: (lines: string[]) => string[]) => {
    const path = join(out, file);
    const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
    writeFileSync(
      path,
      by(lines)
        .map((line) => `${line}\n`)
        .join(""),
    );
  };

  it("at any single byte of any file", async () => {
    const step = process.env["REPRIEVE_DEEP"] ? 1 : 29;
    const missed: string[] = [];
    for (const file of readdirSync(out)) {
      const path = join(out, file);
      const before = readFileSync(path);
      for (let at = 0; at < before.length; at += step) {
        const bytes = Buffer.from(before);
        bytes[at] = (bytes[at] ?? 0) ^ 1;
        writeFileSync(path, bytes);
        const found = await verify(out).then(
          (verified) => verified.found,
          () => 1,
        );
        if (found === 0) missed.push(`${file} ${at}`);
      }
      writeFileSync(path, before);
    }
    expect(missed).toEqual([]);
    expect(await damageOf(out)).toEqual([]);
  }, 600_000);

  it.each<[string, (lines: string[]) => string[], string]>([
    ["an entry is gone", (lines) => lines.toSpliced(1, 1), "wrong-seq"],
    ["the last entry of a case is gone", (lines) => lines.toSpliced(3, 1), "head-differs"],
    ["an entry stands twice", (lines) => lines.toSpliced(1, 0, lines[1] ?? ""), "wrong-seq"],
    ["two entries are swapped", ([a = "", b = "", c = "", ...rest]) => [a, c, b, ...rest], "wrong-seq"],
    ["a case is gone", (lines) => lines.slice(4), "missing-case"],
    ["a case stands twice", (lines) => [...lines, ...lines.slice(0, 4)], "doubled-case"],
    ["the beginning of a case is gone", (lines) => lines.slice(1), "no-beginning"],
    ["an entry of another case is put in", (lines) => lines.toSpliced(1, 1, lines[5] ?? ""), "wrong-prev"],
    ["an entry names another case", (lines) => lines.toSpliced(1, 1, lines[5] ?? ""), "wrong-chain"],
    [
      "a whole case is written under another name",
      (lines) => lines.map((line) => line.replace(/("chain":"[^"]*)#1"/, '$1#2"')),
      "no-beginning",
    ],
    [
      "a member is hidden",
      ([a = "", b = "", ...rest]) => [a, b.replace('"kind"', '"hidden":1,"kind"'), ...rest],
      "wrong-shape",
    ],
    ["a line is no JSON", (lines) => lines.toSpliced(1, 1, "{"), "not-json"],
    ["a line has a name twice", ([a = "", ...rest]) => [a.replace('{"at"', '{"at":1,"at"'), ...rest], "not-canonical"],
    [
      "a kind is unknown",
      ([a = "", b = "", ...rest]) => [a, b.replace('"decided"', '"decidet"'), ...rest],
      "unknown-kind",
    ],
  ])("when %s", async (_, by, damage) => {
    change("entries-0001.jsonl", by);
    const found = await damageOf(out);
    expect(found).toContain("changed-file");
    expect(found).toContain(damage);
  });

  it("when a head is changed, gone, or put in", async () => {
    change("heads.jsonl", ([, ...rest]) => [...rest, JSON.stringify({ case: "another", entries: 1, head: "0" })]);
    expect(await damageOf(out)).toEqual(["changed-file", "unknown-case", "missing-case"]);
  });

  it("when a file is gone, or one too many", async () => {
    writeFileSync(join(out, "notes.txt"), "");
    rmSync(join(out, "heads.jsonl"));
    expect((await damageOf(out)).slice(0, 2)).toEqual(["extra-file", "lost-file"]);
  });

  it("when two exports are mixed", async () => {
    const other = await exported([trail(4), trail(5), trail(6)]);
    writeFileSync(join(out, "entries-0001.jsonl"), readFileSync(join(other.out, "entries-0001.jsonl")));
    expect(await damageOf(out)).toContain("unknown-case");
  });
});

describe("reprieve audit", () => {
  async function ran(args: readonly string[], trails: readonly StoredTrail[] = [trail(1)]) {
    const [out, err]: string[][] = [[], []];
    const machine = {
      version: "0.1.0",
      region: "us-east-1",
      clock: () => t0 + 1,
      colours: false,
      trails: () => each(trails),
      checkpoints: async () => noCheckpoints,
      progress: () => {},
      print: (line: string) => out?.push(line),
      printError: (line: string) => err?.push(line),
    };
    const status = await run(["audit", ...args], machine as unknown as CliContext);
    return { status, out: out?.join("\n") ?? "", err: err?.join("\n") ?? "" };
  }

  it("exports, prints the digest, and verifies against it", async () => {
    const dir = join(folder, "command");
    const first = await ran(["export", "--out", dir]);
    expect(first).toMatchObject({ status: 0, err: "" });
    const digest = /[0-9a-f]{64}/.exec(first.out)?.[0] ?? "";
    expect(await ran(["verify", dir, "--digest", digest])).toMatchObject({ status: 0, err: "" });
    expect(await ran(["verify", dir, "--digest", "0".repeat(64)])).toMatchObject({ status: 1, out: "" });
    expect(JSON.parse((await ran(["verify", dir, "--json"])).out)).toMatchObject({ whole: true, cases: 1, found: 0 });
    writeFileSync(join(dir, "heads.jsonl"), "");
    expect(await ran(["verify", dir])).toMatchObject({ status: 1, err: expect.stringContaining("changed-file") });
  });

  it.each<[string, readonly string[], string]>([
    ["nothing", [], "usage: reprieve audit"],
    ["no folder to export to", ["export"], "--out DIR"],
    ["an invalid date", ["export", "--out", "x", "--from", "yesterday"], "expected a date such as 2026-07-01"],
    [
      "a time that ends before it begins",
      ["export", "--out", "x", "--from", "2026-02-01", "--to", "2026-01-01"],
      "--from before --to",
    ],
    ["a digest of a live trail", ["verify", "--digest", "0".repeat(64)], "expected a folder for --digest"],
    ["a key that cannot be read", ["verify", folder, "--public-key", "/nowhere"], "`/nowhere` cannot be read"],
    ["a folder that is not there", ["verify", "/nowhere"], "no folder that can be read"],
    ["a folder of something else", ["verify", folder], "has no manifest.json"],
    ["an invalid digest", ["verify", folder, "--digest", "x"], "expected a SHA-256"],
    ["an unknown option", ["verify", folder, "--fast"], "--fast"],
  ])("says what is wrong with %s, and exits with 2", async (_, args, message) => {
    const { status, out, err } = await ran(args);
    expect([status, out]).toEqual([2, ""]);
    expect(err).toContain(message);
  });

  it.each<[string, string, string]>([
    ["another tool's", '{"format":"something"}', "not of this tool"],
    ["no JSON", "{", "not of this tool"],
    ["a newer version's", '{"format":"reprieve-audit-export","version":2}', "newer version"],
  ])("does not call a manifest that is %s whole", async (_, text, message) => {
    const { out } = await exported([trail(1)]);
    writeFileSync(join(out, "manifest.json"), text);
    expect(await ran(["verify", out])).toMatchObject({ status: 2, out: "", err: expect.stringContaining(message) });
  });

  it("knows tags whose names are numbers, which JSON.parse moves to the front", async () => {
    const name = { keyArn: keyArn(), generation: 1 };
    const first = append(chainBefore(detection({ case: name })), detection({ case: name }), t0);
    const chain = append(
      first,
      { ...toRestore, tags: { count: 2, sha256: "0".repeat(64), listed: { "10": "a", "2": "b" } } } as EntryBody,
      t0,
    );
    const { out } = await exported([{ case: caseNameText(name), texts: chain.texts, head: chain.head }]);
    expect(await damageOf(out)).toEqual([]);
  });
});
