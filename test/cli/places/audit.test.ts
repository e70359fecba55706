import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Place } from "../../../cli/places/place.ts";
import { caseEnds } from "../../../cli/report/rows/case-totals.ts";
import { verifierKeyText } from "../../../lib/domain/log/verifier-key.ts";
import { byRule, changeChainAt, changed, left, stopName } from "../../doubles/change-chains.ts";
import { createLogWorld, type LogWorld } from "../../doubles/log-world.ts";
import { keepChain, loggedHours, passHours } from "../../doubles/logged-cases.ts";
import { accountsText, placeOf, ranAt } from "../../doubles/places.ts";

const folder = mkdtempSync(join(tmpdir(), "reprieve-audits-"));
afterAll(() => rmSync(folder, { recursive: true }));

let worlds: ReadonlyMap<string, LogWorld>;
let file: string;
let now: number;
const exported = join(folder, "q3");

/** Three stacks with logs of their own, of which one has its key in the file; and one that AWS denies. */
beforeAll(async () => {
  const anchored = await createLogWorld();
  keepChain(anchored, changeChainAt(anchored.time.now, stopName, changed(stopName), byRule, left("denied")));
  await passHours(anchored, 3);
  anchored.time.now += 60_000;
  now = anchored.time.now;
  worlds = new Map([
    ["111122223333", anchored],
    ["100000000002", await loggedHours(2)],
    ["100000000003", await loggedHours(1)],
  ]);
  const places = [
    placeOf(1, { name: "anchored", account: "111122223333", stage: "dev", key: verifierKeyText(anchored.key) }),
    placeOf(2, { name: "linked" }),
    placeOf(3, { name: "damaged" }),
    placeOf(4, { name: "denied" }),
  ];
  file = accountsFileOf("accounts.yaml", places);
});

function accountsFileOf(name: string, places: readonly Place[]): string {
  const path = join(folder, name);
  writeFileSync(path, accountsText(places));
  return path;
}

async function audit(...args: readonly string[]) {
  const worldOf = (account = "") => {
    const world = worlds.get(account);
    if (world === undefined) throw Object.assign(new Error("not authorized"), { name: "AccessDenied" });
    return world;
  };
  const result = await ranAt(["audit", ...args], {
    clock: () => now,
    trails: async function* ({ access }) {
      yield* worldOf(access?.account).trails();
    },
    logFiles: async function* ({ access }) {
      yield* worldOf(access?.account).logFiles();
    },
  });
  return { ...result, rows: args.includes("--json") ? result.out.map((line) => JSON.parse(line)) : [] };
}
const verdictsOf = (
  rows: readonly { place: string; ok: boolean; result?: { verdict: string }; error?: { code: string } }[],
) => rows.map(({ place, result, error }) => [place, result?.verdict ?? error?.code]);

describe("an audit of many places", () => {
  it("exports each into a folder of its name, and says which one is missing", async () => {
    const { status, rows } = await audit("export", "--accounts", file, "--out", exported, "--json");
    expect([status, rows.map(({ place, ok }) => [place, ok])]).toEqual([
      2,
      [
        ["anchored", true],
        ["linked", true],
        ["damaged", true],
        ["denied", false],
      ],
    ]);
    expect(rows[0]).toMatchObject({ result: { out: join(exported, "anchored"), entries: 18, recorded: false } });
    expect(rows[0].result.notRecorded).toContain("no endpoint of the stack is known");
    expect(readdirSync(exported).sort()).toEqual(["anchored", "damaged", "linked"]);
    const { source } = JSON.parse(readFileSync(join(exported, "anchored/manifest.json"), "utf8"));
    expect(source).toBe("111122223333 us-east-1 dev");
    expect(process.listenerCount("exit")).toBeLessThan(10);
  });

  it("verifies live trails by the key of each place", async () => {
    const { status, rows } = await audit("verify", "--accounts", file, "--json");
    expect([status, verdictsOf(rows)]).toEqual([
      2,
      [
        ["anchored", "whole"],
        ["linked", "linked"],
        ["damaged", "linked"],
        ["denied", "AccessDenied"],
      ],
    ]);
  });

  it("verifies the folders offline: damage is the worst, then a place without a result, then what is not proven", async () => {
    const verify = async (...only: readonly string[]) =>
      await audit("verify", exported, "--accounts", file, "--json", "--only", only.join(","));
    expect((await verify("anchored")).status).toBe(0);
    expect((await verify("anchored", "linked")).status).toBe(3);
    expect((await verify("anchored", "linked", "denied")).status).toBe(2);
    writeFileSync(join(exported, "damaged/heads.jsonl"), "");
    const { status, rows } = await verify("anchored", "linked", "damaged", "denied");
    expect([status, verdictsOf(rows)]).toEqual([
      1,
      [
        ["anchored", "whole"],
        ["linked", "linked"],
        ["damaged", "damaged"],
        ["denied", "InputError"],
      ],
    ]);
  });

  it("takes no export for that of another place", async () => {
    const places = [placeOf(2, { name: "anchored", account: "222233334444" }), placeOf(2, { name: "linked" })];
    const { status, rows } = await audit(
      "verify",
      exported,
      "--accounts",
      accountsFileOf("mixed.yaml", places),
      "--json",
    );
    expect([status, verdictsOf(rows)]).toEqual([
      2,
      [
        ["anchored", "InputError"],
        ["linked", "linked"],
      ],
    ]);
    expect(rows[0]).toMatchObject({
      error: {
        message: expect.stringContaining(
          "is an export of `111122223333 us-east-1 dev`, expected `222233334444 us-east-1 prod`",
        ),
      },
    });
  });

  it.each([
    ["--key", "k"],
    ["--since", "f"],
    ["--digest", "0".repeat(64)],
  ])("refuses %s, which is of one log", async (...option) => {
    const { status, err } = await audit("verify", exported, "--accounts", file, ...option);
    expect([status, err[0]]).toEqual([2, expect.stringContaining(`cannot be used with option \`${option[0]}`)]);
  });
});

describe("a report of many places", () => {
  const out = join(folder, "report");
  const cellsOf = (html: string, row: RegExp) => {
    const line = html.split("<tr>").find((each) => row.test(each)) ?? "";
    return [...line.matchAll(/<td[^>]* class="number">(\d+)<\/td>/g)].map(([, cell]) => Number(cell));
  };

  it("has a row for each place, totals that add up, and the report of each place below it", async () => {
    const { status, rows } = await audit("report", exported, "--accounts", file, "--out", out, "--json");
    expect([status, rows.map(({ place, result }) => [place, result?.verdict, result?.cases, result?.out])]).toEqual([
      1,
      [
        ["anchored", "whole", 3, join(out, "anchored")],
        ["linked", "linked", 2, join(out, "linked")],
        ["damaged", "damaged", 1, join(out, "damaged")],
        ["denied", undefined, undefined, undefined],
      ],
    ]);
    const html = readFileSync(join(out, "report.html"), "utf8");
    const places = ["anchored", "linked", "damaged"].map((name) =>
      cellsOf(html, new RegExp(`href="${name}/report.html"`)),
    );
    const total = cellsOf(html, />Total</);
    expect(places.map(([deletions]) => deletions)).toEqual([3, 2, 1]);
    expect(total).toEqual(total.map((_, n) => places.reduce((sum, cells) => sum + (cells[n] ?? 0), 0)));
    const [deletions = 0, ...others] = total;
    const [ends, apart] = [others.slice(0, caseEnds.length), others.slice(caseEnds.length)];
    expect([deletions, ends.reduce((sum, each) => sum + each, 0), apart]).toEqual([6, 6, [0, 19, 1, 1]]);
    expect(html).toContain("3 of 4 places");
    expect(html).toContain("1 without a report: the total does not count them");
    expect(html).toMatch(/denied<br\/>.*<strong>No report<\/strong><br\/>InputError: .*denied/);
    for (const name of ["anchored", "linked", "damaged"])
      expect(readdirSync(join(out, name)).sort()).toEqual(["cases.csv", "changes.csv", "report.html"]);
  });

  it("takes no export for that of another place", async () => {
    const places = [placeOf(9, { name: "anchored" }), placeOf(2, { name: "linked" })];
    const into = join(folder, "mixed-report");
    const { status, rows } = await audit(
      "report",
      exported,
      "--accounts",
      accountsFileOf("m.yaml", places),
      "--out",
      into,
      "--json",
    );
    expect([status, verdictsOf(rows)]).toEqual([
      2,
      [
        ["anchored", "InputError"],
        ["linked", "linked"],
      ],
    ]);
    expect(readdirSync(into).sort()).toEqual(["cases.csv", "changes.csv", "linked", "report.html"]);
  });

  it("has one file with every change, each with its place", () => {
    const [head = "", ...lines] = readFileSync(join(out, "changes.csv"), "utf8").trimEnd().split("\r\n");
    expect(head.startsWith("place,account,region,stage,name,change,operation,")).toBe(true);
    expect(lines).toEqual([expect.stringMatching(/^anchored,111122223333,us-east-1,dev,key …aifllw2h,change#stop#/)]);
  });

  it("has one file with every case, each with its place", () => {
    const [head = "", ...lines] = readFileSync(join(out, "cases.csv"), "utf8").trimEnd().split("\r\n");
    expect(head.startsWith("place,account,region,stage,key_name,case,")).toBe(true);
    expect(lines.map((line) => line.split(",").slice(0, 4).join(" "))).toEqual([
      ...Array.from({ length: 3 }, () => "anchored 111122223333 us-east-1 dev"),
      ...Array.from({ length: 2 }, () => "linked 100000000002 us-east-1 prod"),
      "damaged 100000000003 us-east-1 prod",
    ]);
  });

  it("prints where it is, and overwrites nothing", async () => {
    const again = await audit("report", exported, "--accounts", file, "--out", out);
    expect([again.status, again.err[0]]).toEqual([2, expect.stringContaining("exists already")]);
    const other = join(folder, "other");
    const { status, out: printed } = await audit(
      "report",
      exported,
      "--accounts",
      file,
      "--out",
      other,
      "--only",
      "anchored",
    );
    expect([status, printed]).toEqual([
      0,
      [
        "anchored 111122223333 us-east-1",
        "  ✓ 3 cases, 1 changes, 10 exceptions; the export is whole",
        "1 place, each was asked",
        `✓ ${other}/report.html, cases.csv and changes.csv: 3 cases of 1 of 1 places`,
      ],
    ]);
  });

  it("leaves nothing half done where the accounts file has faults", async () => {
    const bad = join(folder, "bad.yaml");
    writeFileSync(bad, "places: []");
    mkdirSync(join(folder, "empty"));
    const { status } = await audit("report", exported, "--accounts", bad, "--out", join(folder, "empty/report"));
    expect([status, readdirSync(join(folder, "empty"))]).toEqual([2, []]);
  });
});
