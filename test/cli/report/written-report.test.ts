import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readReconciliation } from "../../../cli/report/reconciliation-file.ts";
import { type ReportOptions, writeReport } from "../../../cli/report/write-report.ts";
import { checkpointOf, readProof } from "../../../lib/domain/log/entry-proof.ts";
import { objectName } from "../../../lib/domain/log/object-name.ts";
import { verifierKeyText } from "../../../lib/domain/log/verifier-key.ts";
import type { Reconciliation } from "../../../lib/domain/reconcile/result.ts";
import { exportFolder, exportLog } from "../../doubles/exported-log.ts";
import { createLogWorld, h0, hour, type LogWorld } from "../../doubles/log-world.ts";
import { ran, reconciledHours, runReconcile } from "../../doubles/reconciled-world.ts";
import { courseNames, reportedWorld, type Told } from "../../doubles/reported-world.ts";

const { next, remove } = exportFolder();
afterAll(remove);

async function report(world: LogWorld, over: Partial<ReportOptions> = {}, from = next()) {
  if (!existsSync(from)) await exportLog(world, from);
  const out = next();
  const options = { key: world.key, witnesses: [], targetMs: 60_000, version: "0.1.0", ...over };
  const made = await writeReport(from, out, options, world.time.now);
  return { made, out, html: readFileSync(join(out, "report.html"), "utf8") };
}
const told: readonly Told[] = courseNames.map((course, n) => ({
  ...{ n, course, at: h0 + 120_000 + n * 600_000, seenAfterMs: 900 },
}));
let world: LogWorld;
beforeAll(async () => {
  world = await reportedWorld(told, 8);
});

describe("a report", () => {
  it("lists what an assessor asks about, each kind with its number or none", async () => {
    const { made, html } = await report(world);
    const kinds = (kind: string) => made.exceptions.filter((row) => row.kind === kind).map(({ says }) => says);
    expect(kinds("destroyed-without-permission")).toEqual(["known by not-found"]);
    expect(kinds("restored-late")).toEqual(["usable 2 h after the call"]);
    expect(kinds("restored-unrecorded")).toHaveLength(1);
    expect(kinds("left-disabled")).toHaveLength(2);
    expect(kinds("restored-by-others")).toHaveLength(1);
    expect(made.statements.map(({ person, does, reason, refused }) => [person, does, reason, refused])).toEqual([
      ["alice", "approve", "CHG-1", "own-deletion"],
      ["bob", "approve", "CHG-1", ""],
      ["bob", "start usage", "", ""],
    ]);
    expect(made.policies).toMatchObject([{ deletions: 7, observed: 1, changes: 0 }]);
    expect(made.approvers).toMatchObject([{ group: "custodians", quorum: 2, asked: 1 }]);
    for (const part of ["effect failed<br/>", "The target is 60 s", "Not reconciled with CloudTrail", "own-deletion"])
      expect(html).toContain(part);
    expect(html).toMatch(/effect failed.{0,80}<\/th><td data-head="In the period" class="number">none<\/td>/);
  });

  it("is of nothing where nothing happened, and of an empty log", async () => {
    const quiet = await report(world, { from: h0 + 7 * hour, to: h0 + 8 * hour });
    expect(quiet.made.rows.filter(({ part }) => part === "requested")).toEqual([]);
    const empty = await createLogWorld();
    const { made, html } = await report(empty);
    expect([made.rows, made.exceptions, made.unread]).toEqual([[], [], 0]);
    expect(html).toContain("Deletions of payment keys");
  });

  it("puts page numbers, verdict and digest at the foot of each printed sheet", async () => {
    const { made, html } = await report(world);
    const { verdict, digest } = made.cover.verified;
    expect(verdict).toBe("whole");
    expect(html).toContain(`@bottom-left { content: "Export whole and anchored · manifest ${digest}"; }`);
    expect(html).toContain('content: "page " counter(page) " of " counter(pages)');
  });
});

describe("a damaged chain", () => {
  it("is an exception, says what follows the damage, and stays in the report", async () => {
    const folder = next();
    await exportLog(world, folder);
    const chain = "key/case000000000002#1"; // destroyed
    const file = readdirSync(join(folder, "log"))
      .map((name) => join(folder, "log", name))
      .find((name) => readFileSync(name, "utf8").includes(`${chain}","deadline"`) || isVoteOf(name, chain));
    if (file === undefined) throw new TypeError("no vote");
    const text = readFileSync(file, "utf8");
    const line = text.split("\n").find((each) => each.includes(chain) && each.includes('"kind":"vote-cast"')) ?? "";
    writeFileSync(file, text.replace(line, line.replace('"kind":"vote-cast"', '"kind":"later"')));
    const { made, html } = await report(world, {}, folder);
    expect(made.cover.verified.verdict).toBe("damaged");
    const row = made.rows.find((each) => each.case.endsWith(chain));
    expect(row).toMatchObject({ damaged: true, end: "open" });
    const [first] = made.exceptions;
    expect(first).toMatchObject({ kind: "damaged-chain", chain: expect.stringContaining(chain) });
    expect(first?.says).toMatch(
      /^an entry of it does not hold; its first 3 entries are shown; after the damage: .*key-destroyed/,
    );
    expect(html).toContain("DAMAGED: what comes before the damage");
  });

  it("of which nothing can be shown is named, and the totals say that they lack it", async () => {
    const folder = next();
    await exportLog(world, folder);
    const object = join(folder, objectName(1));
    const text = readFileSync(object, "utf8");
    writeFileSync(object, text.replace('"kind":"deletion-detected"', '"kind":"deletion-invented"'));
    const { made, html } = await report(world, {}, folder);
    expect(made.unread).toBe(1);
    expect(made.rows).toHaveLength(told.length - 1);
    expect(made.exceptions[0]).toMatchObject({ kind: "damaged-chain", says: expect.stringContaining("nothing of it") });
    expect(html).toContain("1 chains cannot be read from their beginning and are not counted");
  });

  it("begins before the log where the first objects have expired: it is named too", async () => {
    const folder = next();
    await exportLog(world, folder);
    for (const name of readdirSync(join(folder, "log")))
      if (name.startsWith("0000000001.")) rmSync(join(folder, "log", name));
    const { made } = await report(world, {}, folder);
    expect(made.exceptions.filter(({ says }) => says.startsWith("the log begins after"))).not.toEqual([]);
  });
});

function isVoteOf(file: string, chain: string): boolean {
  return readFileSync(file, "utf8")
    .split("\n")
    .some((line) => line.includes(chain) && line.includes('"kind":"vote-cast"'));
}

describe("a sample", () => {
  const draw = { size: 4, seed: "the assessor's own" };

  it("is drawn by SHA-256(seed || name), which anyone can draw again", async () => {
    const { made } = await report(world, { draw });
    const names = made.rows.filter(({ part }) => part === "requested").map((row) => row.case);
    const order = (name: string) => createHash("sha256").update(draw.seed).update(name).digest("hex");
    const expected = names.toSorted((a, b) => (order(a) < order(b) ? -1 : 1)).slice(0, 4);
    expect(made.sample?.rows.map((row) => row.case)).toEqual(expected);
    const other = await report(world, { draw: { size: 4, seed: "another" } });
    expect(other.made.sample?.rows.map((row) => row.case)).not.toEqual(expected);
    const all = await report(world, { draw: { size: 1_000, seed: "x" } });
    expect(all.made.sample?.rows).toHaveLength(names.length);
  });

  it("has a sheet for each case, with a proof of each entry that stands alone", async () => {
    const { made, out } = await report(world, { draw });
    const html = readFileSync(join(out, "work-papers.html"), "utf8");
    expect(html.match(/class="sheet"/g)).toHaveLength(4);
    for (const part of ["Inspected by", "Result", "Key check value", "Exportable", "Leaf of the log"])
      expect(html).toContain(part);
    for (const [n, row] of (made.sample?.rows ?? []).entries()) {
      const folder = join(out, `proofs-${String(n + 1).padStart(3, "0")}`);
      const proofs = readdirSync(folder).map((name) => readProof(readFileSync(join(folder, name), "utf8")));
      expect(proofs).toHaveLength(row.entries);
      for (const proof of proofs) {
        expect(proof && checkpointOf(proof)).toBeDefined();
        expect(JSON.parse(proof?.entry ?? "{}")).toMatchObject({ chain: row.case });
      }
    }
  });

  it("says so where the log proves nothing", async () => {
    const bare = await reportedWorld(told.slice(0, 1), 2);
    for (const name of [...bare.files.keys()]) if (name.endsWith(".checkpoint")) bare.files.delete(name);
    const { out } = await report(bare, { draw });
    expect(readFileSync(join(out, "work-papers.html"), "utf8")).toContain("No proofs: the export has no checkpoint");
  });

  it("leaves a certificate for each key that was destroyed, which says who allowed it or that nobody did", async () => {
    const { made, out } = await report(world);
    const html = readFileSync(join(out, "certificates.html"), "utf8");
    expect(html.match(/class="sheet"/g)).toHaveLength(2);
    expect(made.files).toContain("certificates.html");
    expect(html).toContain("nothing: no entry allows it");
    expect(html).toContain("The service destroys the key itself");
    expect(existsSync(join((await report(world, { from: h0, to: h0 + hour })).out, "certificates.html"))).toBe(false);
  });
});

describe("the result of a reconciliation", () => {
  const folder = mkdtempSync(join(tmpdir(), "reprieve-reconciled-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "reconciliation.json");
  let key = "";
  let made: Awaited<ReturnType<typeof reconciledHours>>;
  beforeAll(async () => {
    made = await reconciledHours();
    key = verifierKeyText(made.world.key);
    await runReconcile(made, folder, { args: ["--out", file] });
  });
  const reporting = async (...args: readonly string[]) => {
    const out = next();
    const result = await ran("report", join(folder, "export"), "--out", out, "--key", key, ...args);
    return { ...result, html: existsSync(out) ? readFileSync(join(out, "report.html"), "utf8") : "" };
  };
  const changed = (over: object) => {
    const other = join(folder, "other.json");
    writeFileSync(other, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), ...over }));
    return other;
  };

  it("makes the population complete on the first page, for the time that was reconciled", async () => {
    const { status, html } = await reporting("--reconciliation", file);
    expect(status).toBe(0);
    expect(html).toContain("<strong>Population complete: 3 of 3</strong>");
    expect(html).toContain("This report counts 3 deletions");
    expect((await reporting()).html).toContain("<strong>Not reconciled with CloudTrail</strong>");
  });

  it.each<[string, object, string]>([
    ["export", { manifestSha256: "0".repeat(64) }, "another manifest"],
    ["account", { account: "999999999999" }, "another account"],
    ["Region", { region: "eu-west-1" }, "another Region"],
    ["stack", { stack: "prod" }, "another stack"],
  ])("is refused for another %s", async (_, over, text) => {
    const { status, err, html } = await reporting("--reconciliation", changed(over));
    expect([status, html]).toEqual([2, ""]);
    expect(err).toContain(text);
  });

  it("is refused where it contradicts itself, or the log of the export", async () => {
    const { population } = JSON.parse(readFileSync(file, "utf8")) as Reconciliation;
    const edits: readonly (readonly [object, string])[] = [
      [{ export: "linked" }, "contradicts itself: its verdict is `complete`"],
      [{ population: { ...population, events: 5 } }, "contradicts itself: its events"],
      [{ population: { ...population, events: 5, matched: 5 } }, "matched 5 deletions, and the log names 3"],
      [{ population: { ...population, events: 2, matched: 2 } }, "matched 2 deletions, and the log names 3"],
    ];
    for (const [over, text] of edits) {
      const { status, err, html } = await reporting("--reconciliation", changed(over));
      expect([status, html]).toEqual([2, ""]);
      expect(err).toContain(text);
    }
  });

  it("is named by its hash, with the trail and the keys that vouch, on the first page", async () => {
    const { html } = await reporting("--reconciliation", file);
    const sha256 = createHash("sha256").update(readFileSync(file)).digest("hex");
    const { vouchedBy } = JSON.parse(readFileSync(file, "utf8")) as Reconciliation;
    for (const text of [sha256, "a file, not signed", "org us-east-1, in trail-logs", vouchedBy?.publicKeys[0]])
      expect(html).toContain(text);
  });

  it("is refused for another time", async () => {
    const { status, err } = await reporting("--reconciliation", file, "--from", "2026-11-25");
    expect([status, err]).toEqual([2, expect.stringContaining("another begin")]);
  });

  it.each<[string, string]>([
    ["no JSON", "{"],
    ["another format", JSON.stringify({ format: "reprieve-reconciliation/2" })],
    ["a list", "[]"],
  ])("is refused as %s", async (_, text) => {
    const other = join(folder, "broken.json");
    writeFileSync(other, text);
    await expect(readReconciliation(other)).rejects.toThrow("is not a result of `audit reconcile`");
  });

  it("is refused where it is no file", async () => {
    await expect(readReconciliation(folder)).rejects.toThrow("cannot be read");
  });
});

describe("the options of a report", () => {
  it.each<[readonly string[], string]>([
    [["--sample", "5"], "expected --sample N and --seed TEXT together"],
    [["--seed", "x"], "expected --sample N and --seed TEXT together"],
    [["--sample", "0", "--seed", "x"], "expected a number from 1 to 10000 for --sample"],
    [["--sample", "1e3", "--seed", "x"], "expected a number from 1 to 10000 for --sample"],
    [["--target-seconds", "-1"], "expected a number from 1 to 86400 for --target-seconds"],
    [["--from", "2026-02-01", "--to", "2026-01-01"], "expected --from before --to"],
  ])("are refused: %j", async (args, text) => {
    const { status, err } = await ran("report", next(), ...args);
    expect([status, err]).toEqual([2, expect.stringContaining(text)]);
  });
});
