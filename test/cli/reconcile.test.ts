import { createHash } from "node:crypto";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { createTrailKey, type DigestLine, ofKey, TrailFiles, trailRecord } from "../doubles/cloudtrail-files.ts";
import { keyArn } from "../doubles/key-world.ts";
import { h0, hour } from "../doubles/log-world.ts";
import { ran, reconciledHours, resultIn, runReconcile, trailKey } from "../doubles/reconciled-world.ts";
import { documentedShapes } from "./json-shapes.ts";

const folder = mkdtempSync(join(tmpdir(), "reprieve-reconcile-"));
afterAll(() => rmSync(folder, { recursive: true }));
let made = 0;
const next = () => {
  made += 1;
  return join(folder, String(made));
};

type Run = Parameters<typeof runReconcile>[2];
const reconciled = async (odd: Parameters<typeof reconciledHours>[0], options: Run = {}) =>
  await runReconcile(await reconciledHours(odd), next(), options);
const result = async (odd: Parameters<typeof reconciledHours>[0], options: Run = {}) => {
  const answer = await reconciled(odd, { ...options, args: [...(options.args ?? []), "--json"] });
  expect(answer.err).toBe("");
  return { status: answer.status, ...resultIn(answer) };
};
const pathsIn = (logs: string) =>
  readdirSync(logs, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".gz"))
    .sort()
    .map((name) => join(logs, name));
const linesOf = (digests: string) =>
  readFileSync(digests, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as DigestLine);
const writeLines = (digests: string, lines: readonly object[]) =>
  writeFileSync(digests, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));

describe("audit reconcile", () => {
  it("of an honest trail is complete, and its counts add up", async () => {
    const { status, out, err } = await reconciled(["none", "delivered-again", "corrected", "failed"]);
    expect([status, err]).toEqual([0, ""]);
    expect(out).toContain("✓ complete: 3 of 3 deletions have exactly one case");
    expect(out).toContain("account 111122223333, us-east-1, stack dev, 2026-11-25 21:00:00 to 2026-11-26 01:00:00 UTC");
    expect(out).toContain("deletions: 3 = 3 matched; beside them 1 delivered again, 1 corrected, 1 failed");
    expect(out).toContain("failed deletions: 1; on record 1 one by one, 0 counted");
    expect(out).toContain("vouch for 2026-11-25 21:00:00 to 2026-11-26 03:00:00 UTC, no gap");
    expect(out).toContain("whole and anchored");
  });

  it("names each difference by its key, and ends with 1", async () => {
    const { status, out, err } = await reconciled(["lost", "none", "forged"]);
    expect(status).toBe(1);
    expect(err).toBe("✗ EXCEPTIONS: 2 differences in class A, F; 1 of 2 deletions have exactly one case");
    expect(out).toContain("deletions: 2 = 1 matched + 1 in class A");
    expect(out).toContain("✗ event without a case (A): 1\n    simulated00000000: DeleteKey is on no chain");
    expect(out).toContain("✗ case names an unknown event (F): 1\n    simulated00000002#1: CloudTrail has no such call");
  });

  it("prints the result as JSON, and writes the same to a new file", async () => {
    const file = join(folder, "result.json");
    const answer = await reconciled(["none", "restored-by-others"], { args: ["--json", "--out", file] });
    expect(resultIn(answer)).toMatchObject({
      ...{ format: "reprieve-reconciliation/1", account: "111122223333", region: "us-east-1", stack: "dev" },
      ...{ from: h0, to: h0 + 2 * hour, verdict: "complete", export: "whole", differencesInAll: 1, unread: [] },
      population: { events: 2, matched: 2, unmatched: [], duplicates: 0, corrected: 0, failed: 0 },
      coverage: { from: h0, to: h0 + 4 * hour, gaps: [] },
      differences: [{ class: "I", at: h0 + hour + 602_000, says: "someone else restored the key" }],
    });
    expect(readFileSync(file, "utf8")).toBe(`${answer.out}\n`);
    const { always = [], sometimes = [] } = documentedShapes().get("audit reconcile") ?? {};
    const fields = Object.keys(resultIn(answer));
    expect(fields).toEqual(expect.arrayContaining([...always]));
    expect(fields.filter((field) => ![...always, ...sometimes].includes(field))).toEqual([]);
    expect(await reconciled(["none"], { args: ["--out", file] })).toMatchObject({
      ...{ status: 2, err: expect.stringContaining("exists already") },
    });
  });

  it("proves nothing without the key of the log, without digests, or with an hour of them missing", async () => {
    expect(await result(["none"], { keyless: true })).toMatchObject({
      status: 3,
      verdict: "not-proven",
      export: "linked",
    });
    const bare = await result(["none", "none"], { args: ["--no-digests"] });
    expect(bare).toMatchObject({ status: 3, verdict: "not-proven", population: { events: 2, matched: 2 } });
    expect(bare.coverage).toEqual({
      gaps: [{ from: h0, to: h0 + 3 * hour, why: "no digests were given" }],
    });
    const gap = await result(["none", "none", "none"], {
      change: ({ digests }) => writeLines(digests, linesOf(digests).toSpliced(1, 1)),
    });
    expect(gap).toMatchObject({
      status: 3,
      verdict: "not-proven",
      coverage: { gaps: [{ from: h0 + hour, to: h0 + 2 * hour }] },
    });
    // Its log file is there, and its call is on record: nothing vouches for it, and nothing contradicts it.
    expect(gap.classes.filter(({ count }) => count > 0).map((each) => each.class)).toEqual(["J"]);
  });

  it("without digests still finds what contradicts the trail", async () => {
    expect(await result(["lost", "none"], { args: ["--no-digests"] })).toMatchObject({
      status: 1,
      verdict: "exceptions",
    });
  });

  it("believes a log file that was late by the second chain of digests", async () => {
    const world = await reconciledHours(["none", "none"]);
    const late = trailRecord("00000009-0000-4000-8000-000000000000", h0 + 1_200_000, "DeleteKey", ofKey(keyArn()));
    world.files.late(h0, [late]);
    const answer = resultIn(await runReconcile(world, next(), { args: ["--json"] }));
    expect(answer.population).toMatchObject({ events: 3, matched: 2, unmatched: [{ class: "A", count: 1 }] });
  });

  it("says that a call is too new for the log of the export", async () => {
    const world = await reconciledHours(["none", "lost"]);
    world.world.files.delete("log/0000000005.jsonl");
    world.world.files.delete("log/0000000005.checkpoint");
    world.world.files.delete("log/0000000004.jsonl");
    world.world.files.delete("log/0000000004.checkpoint");
    const answer = resultIn(await runReconcile(world, next(), { args: ["--json"] }));
    expect(answer.population.unmatched).toEqual([{ class: "J", count: 1 }]);
    expect(answer.verdict).toBe("not-proven");
  });

  it("says what the exceptions are where every deletion has its case", async () => {
    const { status, err } = await reconciled(["restored-falsely", "none"]);
    expect([status, err]).toEqual([1, "✗ EXCEPTIONS: 1 difference in class H; 2 of 2 deletions have exactly one case"]);
    const world = await reconciledHours(["none", "none"]);
    world.world.files.delete("log/0000000002.jsonl");
    expect(await runReconcile(world, next())).toMatchObject({
      ...{ status: 1, err: expect.stringMatching(/^✗ EXCEPTIONS: the export is damaged(, |; )/) },
    });
  });

  it("compares what a log of one closing can know, and proves nothing with it", async () => {
    const world = await reconciledHours([]);
    for (const number of [2, 3])
      for (const kind of ["jsonl", "checkpoint"]) world.world.files.delete(`log/000000000${number}.${kind}`);
    const answer = await runReconcile(world, next(), { timeless: true, args: ["--json"] });
    expect(answer).toMatchObject({ status: 3, err: "" });
    expect(resultIn(answer)).toMatchObject({
      ...{ from: h0 - 76 * 60_000, to: h0 - 60_000, verdict: "not-proven", differencesInAll: 1 },
    });
  });

  it("takes the roles of the stack by ARN", async () => {
    const role = "arn:aws:iam::111122223333:role/other/guard";
    const { differences } = await result(["none"], { args: ["--guard-role", role] });
    expect(differences.map((each) => each.class).sort()).toEqual(["H", "I"]);
  });
});

describe("the files of CloudTrail", () => {
  it("are found under their keys, flat, unpacked, and twice", async () => {
    const moved = await result(["none", "none"], {
      change: ({ logs }) => {
        const [first = "", second = ""] = pathsIn(logs);
        const flat = join(logs, first.split("/").at(-1) ?? "");
        writeFileSync(flat, gunzipSync(readFileSync(first)));
        writeFileSync(join(logs, "..", "copy"), readFileSync(second));
        mkdirSync(join(logs, "zz"));
        writeFileSync(join(logs, "zz", second.split("/").at(-1) ?? ""), readFileSync(second));
      },
    });
    expect(moved).toMatchObject({ status: 0, population: { events: 2, matched: 2, duplicates: 0 } });
    expect(moved.unread).toEqual([{ reason: "another copy of a log file", count: 2, isHarmless: true }]);
  });

  it.each<[string, (path: string) => void, string]>([
    [
      "has another byte",
      (path) =>
        writeFileSync(path, gzipSync(gunzipSync(readFileSync(path)).toString().replace("DeleteKey", "CreateKey"))),
      "a log file that is not what its digest says",
    ],
    [
      "has a second gzip member",
      (path) => appendFileSync(path, gzipSync('{"Records":[]}')),
      "a log file with more than one gzip member",
    ],
    [
      "is cut off",
      (path) => writeFileSync(path, readFileSync(path).subarray(0, 100)),
      "a log file that is cut off, or no gzip",
    ],
    [
      "is a bomb",
      (path) => writeFileSync(path, gzipSync(Buffer.alloc(100_000_000))),
      "a log file that holds more than 64 MB",
    ],
  ])("are refused where one %s", async (_, damage, reason) => {
    const found = await result(["none", "none", "none"], { change: ({ logs }) => damage(pathsIn(logs)[1] ?? "") });
    expect(found).toMatchObject({ status: 1, verdict: "exceptions", unread: [{ reason, count: 1 }] });
    expect(found.coverage.gaps).toMatchObject([{ from: h0 + hour, to: h0 + 2 * hour }]);
    expect(found.classes.find((each) => each.class === "L")).toMatchObject({ count: 1 });
    // The case of that hour is neither forged nor proven.
    expect(found.classes.find((each) => each.class === "F")).toMatchObject({ count: 0 });
  });

  it("do no harm where they are no files, no logs, or not of the time", async () => {
    const found = await result(["none"], {
      change: ({ logs }) => {
        mkdirSync(join(logs, "folder.json.gz"));
        symlinkSync("..", join(logs, "circle"));
        writeFileSync(join(logs, "deep.json"), `${"[".repeat(100_000)}${"]".repeat(100_000)}`);
        writeFileSync(join(logs, "111122223333_CloudTrail_eu-west-1_20261125T2130Z_x.json.gz"), "x");
        writeFileSync(join(logs, "111122223333_CloudTrail_us-east-1_20200101T0000Z_x.json.gz"), "x");
        writeFileSync(
          join(logs, "111122223333_CloudTrail-Digest_us-east-1_org_us-east-1_20261125T220000Z.json.gz"),
          "x",
        );
      },
    });
    expect(found).toMatchObject({ status: 3, population: { events: 1, matched: 1 } });
    expect(found.unread.map(({ reason }) => reason).sort()).toEqual([
      "a digest among the log files",
      "a file that is a link, or no file",
      "a log file of another account or Region",
      "a log file of another time",
      "a log file that no valid digest names",
      "an element that is not an object",
    ]);
  });
});

describe("digests", () => {
  it.each<[string, (lines: DigestLine[]) => object[], number, string]>([
    [
      "without a signature",
      ([line, ...more]) => [{ ...line, signature: "" }, ...more],
      3,
      "a line of --digests that is malformed",
    ],
    [
      "with a hash in capitals",
      ([line, ...more]) => [{ ...line, signature: line?.signature.toUpperCase() }, ...more],
      3,
      "a line of --digests that is malformed",
    ],
    [
      "with another signature",
      ([line, ...more]) => [{ ...line, signature: more[0]?.signature }, ...more],
      1,
      "a digest whose signature is wrong",
    ],
    [
      "of another algorithm",
      ([line, ...more]) => [{ ...line, algorithm: "none" }, ...more],
      1,
      "a digest whose signature is wrong",
    ],
    [
      "under another name",
      ([line, ...more]) => [{ ...line, key: line?.key.replace("T220000Z", "T223000Z") }, ...more],
      1,
      "a digest under another name than it was signed for",
    ],
    [
      "that are no digest",
      ([line, ...more]) => [{ ...line, bytes: gzipSync("[]").toString("base64") }, ...more],
      3,
      "a digest that is malformed",
    ],
    [
      "that are a bomb",
      ([line, ...more]) => [{ ...line, bytes: gzipSync(Buffer.alloc(100_000_000)).toString("base64") }, ...more],
      3,
      "a digest that holds more than 64 MB",
    ],
    [
      "in a file outside",
      ([line, ...more]) => [{ ...line, bytes: undefined, path: "../../../etc/passwd" }, ...more],
      3,
      "a line of --digests whose file is not there, or lies outside of its folder",
    ],
    [
      "in a file with a strange name",
      ([line, ...more]) => [{ ...line, bytes: undefined, path: "a\u0000b" }, ...more],
      3,
      "a line of --digests whose file is not there, or lies outside of its folder",
    ],
    ["that are no JSON", (lines) => [[] as object, ...lines.slice(1)], 3, "a line of --digests that is malformed"],
  ])("%s prove nothing", async (_, change, status, reason) => {
    const found = await result(["none", "none"], {
      change: ({ digests }) => writeLines(digests, change(linesOf(digests))),
    });
    expect(found.unread).toContainEqual({ reason, count: 1, isHarmless: false });
    expect(found.status).toBe(status);
    expect(found.coverage.gaps[0]).toMatchObject({ from: h0 });
  });

  it("count once where they are given twice, in any order, also as files beside the lines", async () => {
    const found = await result(["none", "none"], {
      change: ({ digests }) => {
        const [line, ...more] = linesOf(digests);
        const { bytes = "", ...rest } = line ?? { bytes: "" };
        writeFileSync(join(digests, "..", "first.gz"), Buffer.from(bytes, "base64"));
        writeLines(digests, [...more.toReversed(), { ...rest, path: "first.gz" }, ...more]);
      },
    });
    expect(found).toMatchObject({ status: 0, unread: [{ reason: "another copy of a digest", count: 3 }] });
  });

  it("that are signed, and leave out an event, are found by their links", async () => {
    const world = await reconciledHours(["none", "none"]);
    // Another history of the second hour, signed by the same key: no link of the third hour leads to it.
    const other = new TrailFiles(trailKey);
    other.hour(h0 + hour);
    const found = resultIn(
      await runReconcile(world, next(), {
        args: ["--json"],
        change: ({ digests }) => writeLines(digests, linesOf(digests).with(1, other.digests[0] as DigestLine)),
      }),
    );
    expect(found.verdict).toBe("exceptions");
    expect(found.differences.find((each) => each.class === "L")?.says).toContain(
      "not the digest that the next one names",
    );
  });

  it("of late log files are missed by their link, in whatever order of hours they were made", async () => {
    const world = await reconciledHours(["none", "none", "none"]);
    const late = trailRecord("00000009-0000-4000-8000-000000000000", h0 + 1_200_000, "DeleteKey", ofKey(keyArn()));
    world.files.late(h0 + hour);
    const hidden = world.files.late(h0, [late]);
    world.files.late(h0 + 2 * hour);
    const log = [...world.files.logs.keys()].at(-1) ?? "";
    const found = resultIn(
      await runReconcile(world, next(), {
        args: ["--json"],
        change: ({ logs, digests }) => {
          rmSync(join(logs, log));
          writeLines(
            digests,
            linesOf(digests).filter(({ key }) => key !== hidden),
          );
        },
      }),
    );
    expect(found).toMatchObject({ verdict: "not-proven", population: { events: 3, matched: 3 }, unread: [] });
    expect(found.coverage.gaps).toMatchObject([{ from: h0, to: h0 + hour, why: expect.stringContaining("missing") }]);
  });

  it("of another trail of the same name fill no gap", async () => {
    const world = await reconciledHours(["none", "lost", "none"]);
    // Of an organization's trail, and one of the account that logs no management events.
    const other = new TrailFiles(trailKey, "org", "o-abc1234567/");
    for (let n = 0; n < 5; n++) other.hour(h0 + n * hour);
    const reconciledWith = async (choose: (lines: readonly DigestLine[]) => readonly DigestLine[]) =>
      resultIn(
        await runReconcile(world, next(), {
          args: ["--json"],
          change: ({ digests, logs }) => {
            rmSync(pathsIn(logs)[1] ?? "");
            writeLines(digests, choose(linesOf(digests)));
          },
        }),
      );
    const one = await reconciledWith((lines) => lines.with(1, other.digests[1] as DigestLine));
    expect(one).toMatchObject({ verdict: "not-proven", population: { events: 2, matched: 2 } });
    const starting = new TrailFiles(trailKey, "org", "o-abc1234567/");
    starting.hour(h0);
    for (let n = 1; n < 5; n++) starting.hour(h0 + n * hour);
    const rest = await reconciledWith(([line]) => [line as DigestLine, ...starting.digests]);
    expect(rest.verdict).not.toBe("complete");
    expect(rest.coverage.gaps[0]).toMatchObject({ from: h0, to: h0 + hour, why: expect.stringContaining("overlaps") });
  });

  it("are of a trail, a bucket and keys that the result names", async () => {
    const { vouchedBy } = await result(["none"]);
    const der = Buffer.from(trailKey.listed.Value, "base64");
    const publicKey = createHash("sha256").update(der).digest("hex");
    expect(vouchedBy).toEqual({ trail: "org us-east-1", buckets: ["trail-logs"], publicKeys: [publicKey] });
    const { out } = await reconciled(["none"]);
    expect(out).toContain("trail org us-east-1 in trail-logs");
    expect(out).toContain(`signed by ${publicKey}`);
  });

  it("need a key that is valid at their time", async () => {
    const changeKeys = (listed: object) => ({
      change: ({ keys }: { keys: string }) => writeFileSync(keys, JSON.stringify(listed)),
    });
    const expired = { ...trailKey.listed, ValidityEndTime: "2026-11-20T00:00:00Z" };
    const found = await result(["none"], changeKeys({ PublicKeyList: [expired] }));
    expect(found).toMatchObject({
      status: 3,
      unread: [{ reason: "a digest whose public key is not given", count: 3 }, {}],
    });
    const wrong = { ...createTrailKey(h0, h0 + hour).listed, Fingerprint: trailKey.fingerprint };
    expect(await result(["none"], changeKeys({ PublicKeyList: [wrong] }))).toMatchObject({ status: 1 });
    const broken = { ...trailKey.listed, Value: "AAAA" };
    expect(await reconciled(["none"], changeKeys({ PublicKeyList: [broken] }))).toMatchObject({
      ...{ status: 2, err: expect.stringContaining("is not an RSA public key") },
    });
    expect(await reconciled(["none"], changeKeys([]))).toMatchObject({
      ...{ status: 2, err: expect.stringContaining("is not the output of aws cloudtrail list-public-keys") },
    });
  });

  it("of two trails need a name", async () => {
    const second = new TrailFiles(trailKey, "second");
    second.hour(h0);
    const change = ({ digests }: { digests: string }) =>
      appendFileSync(digests, `${JSON.stringify(second.digests[0])}\n`);
    expect(await reconciled(["none"], { change })).toMatchObject({
      ...{ status: 2, err: expect.stringContaining("the digests are of 2 trails: name one by --trail") },
    });
    expect(await reconciled(["none"], { change, args: ["--trail", "org"] })).toMatchObject({ status: 0 });
  });
});

describe("what cannot be compared", () => {
  it.each<[string, readonly string[], string]>([
    ["no export", ["/tmp", "--cloudtrail", "/tmp"], "is not an export"],
    ["no logs", ["/tmp"], "required option `--cloudtrail <path>`"],
    [
      "digests without keys",
      ["/tmp", "--cloudtrail", "/tmp", "--digests", "/tmp/x"],
      "expected --public-keys with --digests",
    ],
    ["keys without digests", ["/tmp", "--cloudtrail", "/tmp", "--public-keys", "/tmp/x"], "expected --digests with"],
  ])("%s", async (_, args, message) => {
    expect(await ran("audit", "reconcile", ...args)).toMatchObject({
      status: 2,
      err: expect.stringContaining(message),
    });
  });

  it("records of another account", async () => {
    const change = ({ logs }: { logs: string }) => {
      for (const path of pathsIn(logs))
        writeFileSync(
          path,
          gzipSync(gunzipSync(readFileSync(path)).toString().replaceAll("111122223333", "444455556666")),
        );
    };
    expect(await reconciled(["none"], { change, args: ["--no-digests"] })).toMatchObject({
      ...{ status: 2, err: expect.stringContaining("the records are not of 111122223333 us-east-1") },
    });
  });

  it("a folder of digests, or one that is not there", async () => {
    const change = ({ digests }: { digests: string }) => {
      rmSync(digests);
      mkdirSync(digests);
    };
    expect(await reconciled(["none"], { change })).toMatchObject({
      ...{ status: 2, err: expect.stringContaining("is not a file of JSON Lines") },
    });
  });
});
