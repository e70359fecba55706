import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type { CliContext } from "../../cli/context.ts";
import { run } from "../../cli/run.ts";
import { exportTrail } from "../../cli/trail/export-trail.ts";
import { readProof } from "../../lib/domain/log/entry-proof.ts";
import { objectName } from "../../lib/domain/log/object-name.ts";
import { verifierKeyText } from "../../lib/domain/log/verifier-key.ts";
import { exportFolder, exportLog, namesOf, verifyLog } from "../doubles/exported-log.ts";
import { createKey, createLogWorld, h0, hour, type LogWorld } from "../doubles/log-world.ts";
import { caseOf, keepChain, loggedHours } from "../doubles/logged-cases.ts";
import { documentedShapes } from "./json-shapes.ts";

const { folder, next, remove } = exportFolder();
afterAll(remove);

const sha256 = (bytes: Buffer | string) => createHash("sha256").update(bytes).digest("hex");

async function exported(world: LogWorld, over: Parameters<typeof exportLog>[2] = {}) {
  const out = next();
  return { out, ...(await exportLog(world, out, over)) };
}

describe("an export", () => {
  it("is whole and anchored, and its digest is that of its manifest", async () => {
    const world = await loggedHours(3);
    const { out, objects, chains, entries, unlogged, digest } = await exported(world);
    expect([objects, chains, entries, unlogged]).toEqual([3, 4, 15, 0]);
    expect(readdirSync(out).sort()).toEqual(["bucket.jsonl", "heads.jsonl", "log", "manifest.json", "table.jsonl"]);
    expect(sha256(readFileSync(join(out, "manifest.json")))).toBe(digest);
    expect(await verifyLog(world, out)).toMatchObject({
      ...{ verdict: "whole", objects: 3, entries: 15, chains: 4, unlogged: 0, findings: [], found: 0, digest },
      ...{ covered: [h0 + hour + 60_000, h0 + 3 * hour + 60_000], anchor: { size: 15 } },
    });
  });

  it("holds the very files of the bucket", async () => {
    const world = await loggedHours(3);
    const { out } = await exported(world);
    for await (const { name, bytes } of world.logFiles()) expect(readFileSync(join(out, name))).toEqual(bytes);
  });

  it("can be checked with sha256sum alone: the hash of a line stands in the next one, of an object in the next one", async () => {
    const { out } = await exported(await loggedHours(2));
    const [one = "", two = ""] = [1, 2].map((n) => readFileSync(join(out, objectName(n)), "utf8"));
    const [, first = "", second = "{}"] = one.split("\n");
    expect(JSON.parse(second).prev).toBe(sha256(first));
    expect(JSON.parse(two.split("\n")[0] ?? "").prev).toBe(sha256(one));
  });

  it("holds what the table has and the log has not yet", async () => {
    const world = await loggedHours(2);
    keepChain(world, caseOf(7, 3, world.time.now));
    const { out } = await exported(world);
    expect(await verifyLog(world, out)).toMatchObject({ verdict: "whole", unlogged: 3, entries: 10 });
    world.time.now += 2 * hour;
    const late = await exported(world);
    expect(namesOf(await verifyLog(world, late.out))).toEqual(["not-covered-at-the-end", "not-logged"]);
  });

  it("of a case that was rewritten holds what was logged of it, and the difference", async () => {
    const world = await loggedHours(2);
    const before = readFileSync(join((await exported(world)).out, objectName(1)));
    keepChain(world, caseOf(0, 4, h0, "REWRITTEN"));
    const { out } = await exported(world);
    expect(await verifyLog(world, out)).toMatchObject({
      verdict: "damaged",
      findings: [{ finding: "trail-differs", chain: caseOf(0, 1, h0).name }],
    });
    expect(readFileSync(join(out, objectName(1)))).toEqual(before);
  });

  it("of a stack that has logged nothing is an export too, and covers nothing", async () => {
    const world = await createLogWorld();
    const { out } = await exported(world);
    expect(await verifyLog(world, out)).toMatchObject({ verdict: "linked", objects: 0, entries: 0 });
  });

  it("writes over nothing", async () => {
    const world = await loggedHours(1);
    const { out } = await exported(world);
    await expect(exportLog(world, out)).rejects.toThrow("exists already");
    expect(await verifyLog(world, out)).toMatchObject({ verdict: "whole" });
  });

  it.each(["ENOENT", "the network is gone"])("that is cut off by %s leaves nothing", async (reason) => {
    const world = await loggedHours(3);
    const out = next();
    async function* broken() {
      for await (const file of world.logFiles()) {
        yield file;
        if (reason !== "ENOENT") throw new Error(reason);
        rmSync(`${out}.partial`, { recursive: true, force: true });
      }
    }
    const options = { out, source: "", now: 0, progress: () => {} };
    await expect(exportTrail(broken(), world.trails(), options)).rejects.toThrow(reason);
    expect(readdirSync(folder).filter((name) => out.endsWith(name.replace(".partial", "")))).toEqual([]);
  });
});

describe("the verdict", () => {
  let world: LogWorld;
  beforeEach(async () => {
    world = await loggedHours(4);
  });
  const verdict = async (
    exporting: Parameters<typeof exportLog>[2],
    verifying: Parameters<typeof verifyLog>[2] = {},
  ) => {
    const { out } = await exported(world, exporting);
    const verified = await verifyLog(world, out, verifying);
    return [verified.verdict, ...namesOf(verified)];
  };

  it("is `whole` for a time that the log covers, and `linked` for one that it does not", async () => {
    expect(await verdict({ from: h0 + hour + 60_000, to: h0 + 4 * hour })).toEqual(["whole"]);
    expect(await verdict({ from: h0, to: h0 + 4 * hour })).toEqual(["linked", "not-covered-at-the-beginning"]);
    expect(await verdict({ to: h0 + 5 * hour })).toEqual(["linked", "not-covered-at-the-end"]);
    expect(await verdict({}, { from: h0, to: h0 + 9 * hour })).toEqual([
      ...["linked", "not-covered-at-the-beginning", "not-covered-at-the-end"],
    ]);
  });

  it("is `linked` for a copy that was made long after the last closing", async () => {
    world.time.now += 2 * hour;
    expect(await verdict({})).toEqual(["linked", "not-covered-at-the-end"]);
  });

  it("is `linked` without a key, and `damaged` with another one", async () => {
    const { out } = await exported(world);
    const { key: _key, ...without } = { key: world.key, witnesses: [] };
    const { verifyTrail } = await import("../../cli/trail/verify-trail.ts");
    expect(await verifyTrail(out, without)).toMatchObject({
      verdict: "linked",
      findings: [{ finding: "no-expected-key" }],
    });
    const key = await createKey().signer.key();
    const verified = await verifyLog(world, out, { key });
    expect(namesOf(verified)).toEqual(["checkpoint-wrong", "not-covered-at-the-end"]);
    expect(verified.verdict).toBe("damaged");
  });

  it("is `linked` for a log that nobody signs", async () => {
    const { out } = await exported(await loggedHours(3, { signed: false }));
    const verified = await verifyLog(world, out);
    expect([verified.verdict, ...namesOf(verified)]).toEqual([
      ...["linked", "checkpoint-unsigned", "not-covered-at-the-end"],
    ]);
  });

  it("asks for the witness that is named", async () => {
    const witness = await createKey("witness.example").signer.key();
    expect(await verdict({}, { witnesses: [witness] })).toEqual(["linked", "not-witnessed"]);
  });

  it("is by one checkpoint that someone kept: the log begins with it, or is another", async () => {
    const since = { origin: world.key.name, size: 5, root: Buffer.alloc(32) };
    expect(await verdict({}, { since })).toEqual(["damaged", "inconsistent-with-older-checkpoint"]);
    const { out } = await exported(world);
    const kept = join(folder, "kept.checkpoint");
    writeFileSync(kept, readFileSync(join(out, "log/0000000002.checkpoint")));
    const { keptCheckpoint } = await import("../../cli/trail/expected-keys.ts");
    expect(await verdict({}, { since: await keptCheckpoint(kept, world.key) })).toEqual(["whole"]);
    const other = await loggedHours(4);
    await expect(keptCheckpoint(kept, other.key)).rejects.toThrow("is not signed by");
  });
});

describe("anyone who changes an export is found", () => {
  let out: string;
  let world: LogWorld;
  beforeEach(async () => {
    world = await loggedHours(3);
    keepChain(world, caseOf(9, 2, world.time.now));
    ({ out } = await exported(world));
  });
  const filesIn = (path: string) =>
    readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((each) => each.isFile())
      .map(({ parentPath, name }) => join(parentPath, name));

  it("at any single byte of any file", async () => {
    const step = process.env["REPRIEVE_DEEP"] ? 1 : 97;
    const missed: string[] = [];
    let at = 0;
    for (const path of filesIn(out)) {
      const before = readFileSync(path);
      for (at %= step; at < before.length; at += step) {
        const bytes = Buffer.from(before);
        bytes[at] = (bytes[at] ?? 0) ^ 1;
        writeFileSync(path, bytes);
        const verdict = await verifyLog(world, out).then(
          (verified) => verified.verdict,
          () => "refused",
        );
        if (verdict !== "damaged" && verdict !== "refused") missed.push(`${path} ${at}`);
      }
      at -= before.length;
      writeFileSync(path, before);
    }
    expect(missed).toEqual([]);
    expect(await verifyLog(world, out)).toMatchObject({ verdict: "whole" });
  }, 600_000);

  it("when a file is gone, one too many, or from another export", async () => {
    writeFileSync(join(out, "notes.txt"), "");
    rmSync(join(out, "heads.jsonl"));
    expect(namesOf(await verifyLog(world, out))).toEqual(["extra-file", "lost-file"]);
    const other = await exported(await loggedHours(3, { at: h0 + 9 * hour }));
    writeFileSync(join(out, objectName(2)), readFileSync(join(other.out, objectName(2))));
    expect(namesOf(await verifyLog(world, out))).toContain("changed-file");
  });

  it.each<[string, (path: string) => void]>([
    ["a folder", (path) => mkdirSync(path)],
    ["a link to nothing", (path) => symlinkSync("/nowhere/at/all", path)],
    ["a link to a device without end", (path) => symlinkSync("/dev/zero", path)],
    ["a pipe", (path) => void execFileSync("mkfifo", [path])],
  ])("when a file became %s: reading ends, with a finding", async (_, make) => {
    for (const name of ["log/0000000002.jsonl", "log/0000000002.checkpoint", "heads.jsonl", "manifest.json"]) {
      const { out: copy } = await exported(world);
      rmSync(join(copy, name));
      make(join(copy, name));
      const verified = await verifyLog(world, copy);
      expect([name, verified.verdict, namesOf(verified).includes("not-a-file")]).toEqual([name, "damaged", true]);
    }
  });

  it.each<[string, string]>([
    ["JSON deeper than any stack", `${"[".repeat(200_000)}${"]".repeat(200_000)}`],
    ["a file larger than any object", "x".repeat(17 * 1024 * 1024)],
    ["nothing", ""],
  ])(
    "when a file is %s",
    async (_, text) => {
      for (const name of [
        "log/0000000002.jsonl",
        "log/0000000002.checkpoint",
        "heads.jsonl",
        "bucket.jsonl",
        "table.jsonl",
      ]) {
        const { out: copy } = await exported(world);
        writeFileSync(join(copy, name), text);
        expect([name, (await verifyLog(world, copy)).verdict]).toEqual([name, "damaged"]);
      }
    },
    60_000,
  );
});

describe("reprieve audit", () => {
  async function ran(args: readonly string[], world?: LogWorld) {
    const [out, err]: string[][] = [[], []];
    const machine = {
      version: "0.1.0",
      region: "us-east-1",
      clock: () => world?.time.now ?? h0,
      colours: false,
      trails: () => world?.trails(),
      logFiles: () => world?.logFiles(),
      progress: () => {},
      print: (line: string) => out?.push(line),
      printError: (line: string) => err?.push(line),
    };
    const status = await run(["audit", ...args], machine as unknown as CliContext);
    return { status, out: out?.join("\n") ?? "", err: err?.join("\n") ?? "" };
  }

  it("exports, prints the digest, and verifies: 0 whole and anchored, 1 damaged, 3 linked", async () => {
    const world = await loggedHours(3);
    const dir = next();
    const key = ["--key", verifierKeyText(world.key)];
    const first = await ran(["export", "--out", dir], world);
    expect(first.status).toBe(0);
    const digest = /[0-9a-f]{64}/.exec(first.out)?.[0] ?? "";
    const whole = await ran(["verify", dir, "--digest", digest, ...key]);
    expect(whole).toMatchObject({ status: 0, err: "" });
    expect(whole.out).toContain("whole and anchored for 2026-11-25 22:01:00 to 2026-11-26 00:01:00 UTC");
    const linked = await ran(["verify", dir]);
    expect(linked).toMatchObject({ status: 3, err: "" });
    expect(linked.out).toContain("linked, not anchored");
    expect((await ran(["verify", dir, ...key, "--from", "2026-11-01"])).status).toBe(3);
    expect(await ran(["verify", dir, ...key, "--digest", "0".repeat(64)])).toMatchObject({
      status: 1,
      err: expect.stringContaining("other-digest"),
    });
    expect(JSON.parse((await ran(["verify", dir, "--json", ...key])).out)).toMatchObject({
      ...{ whole: true, verdict: "whole", entries: 15, found: 0 },
    });
    writeFileSync(join(dir, "heads.jsonl"), "");
    expect(await ran(["verify", dir, ...key])).toMatchObject({
      status: 1,
      err: expect.stringContaining("changed-file: heads.jsonl"),
    });
  });

  it("verifies the live trail in the same way", async () => {
    const world = await loggedHours(2);
    expect((await ran(["verify", "--key", verifierKeyText(world.key)], world)).status).toBe(0);
    world.table.delete(caseOf(0, 1, h0).name);
    expect((await ran(["verify", "--key", verifierKeyText(world.key)], world)).status).toBe(1);
  });

  it("writes a proof for each entry of a case, which holds by itself", async () => {
    const world = await loggedHours(3);
    const [dir, proofs] = [next(), next()];
    await ran(["export", "--out", dir], world);
    const { name, texts } = caseOf(1, 4, h0 + hour + 60_000);
    const { status, out } = await ran(["prove", "0001#1", dir, "--out", proofs, "--key", verifierKeyText(world.key)]);
    expect([status, out]).toEqual([0, `✓ ${proofs} holds 4 proofs of ${name}`]);
    const written = readdirSync(proofs).sort();
    expect(written).toEqual(["0001.tlog-proof", "0002.tlog-proof", "0003.tlog-proof", "0004.tlog-proof"]);
    const read = written.map((file) => readProof(readFileSync(join(proofs, file), "utf8")));
    expect(read.map((proof) => proof?.entry)).toEqual(texts);
    expect(await ran(["prove", "nothing#1", dir, "--out", next()])).toMatchObject({
      status: 2,
      err: expect.stringContaining("the export's log has no chain `nothing#1`"),
    });
  });

  it("prints the verifier key of a public key as KMS gives it", async () => {
    const world = await loggedHours(1);
    const file = join(folder, "key.der");
    writeFileSync(file, world.publicKey.export({ type: "spki", format: "der" }));
    const place = ["--account", "111122223333", "--region", "us-east-1", "--stage", "dev"];
    expect(await ran(["key", file, ...place])).toEqual({ status: 0, out: verifierKeyText(world.key), err: "" });
    writeFileSync(file, world.publicKey.export({ type: "spki", format: "pem" }));
    expect(await ran(["key", file, ...place])).toMatchObject({
      status: 2,
      err: expect.stringContaining("is not a public key of Ed25519 in DER"),
    });
    expect((await ran(["key", file, "--account", "1"])).err).toContain("an account id of 12 digits");
  });

  it("answers a program with the fields of docs/command.md, and no others", async () => {
    const world = await loggedHours(1);
    const [whole, empty] = [next(), next()];
    const key = ["--key", verifierKeyText(world.key)];
    const fieldsOf = async (args: readonly string[], from = world) =>
      Object.keys(JSON.parse((await ran([...args, "--json"], from)).out));
    const found: [string, readonly string[]][] = [
      ["audit export", await fieldsOf(["export", "--out", whole])],
      ["audit export", await fieldsOf(["export", "--out", empty], await loggedHours(0))],
      ["audit verify", await fieldsOf(["verify", whole, ...key])],
      ["audit verify", await fieldsOf(["verify", empty])],
      ["audit report", await fieldsOf(["report", whole])],
      ["audit flat", await fieldsOf(["flat", whole])],
    ];
    for (const [command, fields] of found) {
      const { always = [], sometimes = [] } = documentedShapes().get(command) ?? {};
      expect(fields).toEqual(expect.arrayContaining([...always]));
      expect([...always, ...sometimes]).toEqual(expect.arrayContaining([...fields]));
    }
  });

  it("reports every case, and what was found", async () => {
    const world = await loggedHours(3);
    const dir = next();
    await ran(["export", "--out", dir], world);
    const { status, out } = await ran(["report", dir, "--key", verifierKeyText(world.key)], world);
    expect([status, out]).toEqual([
      0,
      `✓ ${dir}-report/report.html, cases.csv, changes.csv: 3 cases, 0 changes, 9 exceptions`,
    ]);
    const object = join(dir, objectName(2));
    writeFileSync(object, readFileSync(object, "utf8").replace('"kind":"effect-failed"', '"kind":"effect-fooled"'));
    const damaged = await ran(["report", dir, "--out", `${dir}-again`, "--key", verifierKeyText(world.key)], world);
    expect(damaged.status).toBe(1);
    expect(readFileSync(`${dir}-again/report.html`, "utf8")).toContain("entry-malformed");
    expect(readFileSync(`${dir}-again/cases.csv`, "utf8").trim().split("\r\n")).toHaveLength(4);
  });

  const someKey = "reprieve/111122223333/us-east-1/dev+6064309a+AUXiEBGdsUrtjercaTpP3BsXyLiJ5mtGUki8wmJXQtTz";
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
    ["a malformed key", ["verify", folder, "--key", "x"], "expected a verifier key (name+id+base64) for --key"],
    ["a malformed witness key", ["verify", folder, "--witness", "x"], "for --witness, found `x`"],
    ["a folder after a witness", ["verify", "--witness", someKey, "/nowhere"], "`/nowhere` is not an export"],
    ["no checkpoint", ["verify", folder, "--since", "/nowhere"], "`/nowhere` is not a checkpoint"],
    ["a folder that is not there", ["verify", "/nowhere"], "is not an export"],
    ["a folder of something else", ["verify", folder], "has no manifest.json"],
    ["an invalid digest", ["verify", folder, "--digest", "x"], "expected a SHA-256"],
    ["an unknown option", ["verify", folder, "--fast"], "--fast"],
  ])("says what is wrong with %s, and exits with 2", async (_, args, message) => {
    const { status, out, err } = await ran(args);
    expect([status, out]).toEqual([2, ""]);
    expect(err).toContain(message);
  });

  it.each<[string, string, string]>([
    ["another tool's", '{"format":"something"}', "was not written by this tool"],
    ["no JSON", "{", "was not written by this tool"],
    ["a newer version's", '{"format":"reprieve-audit-export","version":3}', "newer version"],
  ])("does not call a manifest that is %s whole", async (_, text, message) => {
    const { out } = await exported(await loggedHours(1));
    writeFileSync(join(out, "manifest.json"), text);
    expect(await ran(["verify", out])).toMatchObject({ status: 2, out: "", err: expect.stringContaining(message) });
  });
});
