import { createHash, sign } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { writeReport } from "../../cli/report/write-report.ts";
import { canonicalJson } from "../../lib/domain/ledger/canonical-json.ts";
import { checkpointName } from "../../lib/domain/log/object-name.ts";
import { noteText, readNote } from "../../lib/domain/log/signed-note.ts";
import { manifestText, type TrailManifest } from "../../lib/domain/trail/manifest.ts";
import { exportFolder, exportLog, namesOf, verifyLog } from "../doubles/exported-log.ts";
import { createKey, h0, hour, type LogWorld } from "../doubles/log-world.ts";
import { caseOf, loggedHours } from "../doubles/logged-cases.ts";

/** An export that someone changed who made its manifest again, and gave no digest by another way. */

const { next, remove } = exportFolder();
afterAll(remove);

const iso = (at: number) => new Date(at).toISOString();

function sealed(out: string, over: Partial<TrailManifest> = {}): void {
  const file = join(out, "manifest.json");
  const { format: _format, version: _version, self: _self, ...rest } = JSON.parse(readFileSync(file, "utf8"));
  const files = (rest.files as TrailManifest["files"]).flatMap(({ name }) => {
    if (!existsSync(join(out, name))) return [];
    const bytes = readFileSync(join(out, name));
    return [{ name, bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") }];
  });
  writeFileSync(file, manifestText({ ...rest, files, ...over }));
}

let world: LogWorld;
let out: string;
beforeEach(async () => {
  world = await loggedHours(6);
  out = next();
  await exportLog(world, out);
});

const madeUp = (at: number) => {
  const { name, texts } = caseOf(77, 4, at);
  writeFileSync(join(out, "table.jsonl"), `${canonicalJson({ chain: name, texts })}\n`);
  return name;
};

describe("a doctored export", () => {
  it.each(["table.jsonl", "bucket.jsonl", "heads.jsonl"])("without %s is damaged", async (name) => {
    rmSync(join(out, name));
    sealed(out);
    const verified = await verifyLog(world, out);
    expect(verified).toMatchObject({ verdict: "damaged", findings: [{ finding: "lost-file", detail: name }] });
  });

  it("with a case made up as too new to be logged is damaged, whatever time of export it claims", async () => {
    madeUp(h0 + 3 * hour);
    for (const exportedAt of [h0 + 3 * hour, h0 + 4 * hour, world.time.now]) {
      sealed(out, { exportedAt: iso(exportedAt) });
      expect(namesOf(await verifyLog(world, out))).toEqual(["not-logged"]);
    }
  });

  it("gets no case into the report that the log does not hold", async () => {
    const name = madeUp(world.time.now - 30_000);
    sealed(out);
    const report = next();
    const options = { key: world.key, witnesses: [], targetMs: 60_000, version: "0.1.0" };
    const { rows, cover } = await writeReport(out, report, options, world.time.now);
    const { verified } = cover;
    expect([rows.length, verified.verdict, verified.unlogged]).toEqual([6, "whole", 4]);
    for (const file of ["report.html", "cases.csv"])
      expect(readFileSync(join(report, file), "utf8")).not.toContain(name.slice(0, -2));
  });

  it.each(["2030-07-01T00:00:00-23", "2026-11-26 00:00:00+05", "2026-02-31T00:00:00.000Z", "2026-11-26T00:00:00Z"])(
    "with %s for a time is damaged",
    async (time) => {
      for (const over of [{ exportedAt: time }, { from: time }, { to: time }]) {
        sealed(out, over);
        expect(namesOf(await verifyLog(world, out))).toEqual(["changed-manifest"]);
      }
    },
  );

  it.each(["1e+25", "1.5", "-1e+300"])("with %s for a time of S3 is damaged, and read to its end", async (time) => {
    const file = join(out, "bucket.jsonl");
    writeFileSync(file, readFileSync(file, "utf8").replace(/"modifiedAt":\d+/, `"modifiedAt":${time}`));
    sealed(out);
    expect(await verifyLog(world, out)).toMatchObject({ verdict: "damaged", objects: 6 });
  });
});

describe("the time asked for", () => {
  it("that begins after the export's own is not covered", async () => {
    for (const from of [world.time.now, h0 + 900 * hour]) {
      const verified = await verifyLog(world, out, { from });
      expect([verified.verdict, ...namesOf(verified)]).toEqual(["linked", "not-covered-at-the-end"]);
    }
    sealed(out, { to: iso(h0 + 3 * hour) });
    expect((await verifyLog(world, out, { from: h0 + 2 * hour })).verdict).toBe("whole");
    expect((await verifyLog(world, out, { from: h0 + 9 * hour })).verdict).toBe("linked");
  });
});

describe("a witness", () => {
  const witness = createKey("witness.example");
  const cosign = async (object: number) => {
    const key = await witness.signer.key();
    const file = join(out, checkpointName(object).replace("checkpoint", "cosigned"));
    const note = readNote(readFileSync(join(out, checkpointName(object)), "utf8"));
    if (note === undefined) throw new TypeError("no checkpoint");
    const bytes = sign(null, Buffer.from(note.text), witness.privateKey);
    const signatures = [...note.signatures, { name: key.name, keyId: key.keyId, bytes }];
    writeFileSync(file, noteText({ ...note, signatures }));
    const { files } = JSON.parse(readFileSync(join(out, "manifest.json"), "utf8")) as TrailManifest;
    sealed(out, {
      files: [
        ...files,
        {
          name: file.slice(out.length + 1),
          bytes: readFileSync(file).length,
          sha256: createHash("sha256").update(readFileSync(file)).digest("hex"),
        },
      ],
    });
  };

  it("vouches for the time that it has signed, and for none after", async () => {
    const witnesses = [await witness.signer.key()];
    await cosign(2);
    expect(await verifyLog(world, out, { witnesses })).toMatchObject({
      verdict: "linked",
      findings: [{ finding: "not-witnessed", detail: "witness.example" }],
    });
    expect((await verifyLog(world, out, { witnesses, to: h0 + 2 * hour })).verdict).toBe("whole");
    await cosign(6);
    expect((await verifyLog(world, out, { witnesses })).verdict).toBe("whole");
  });
});
