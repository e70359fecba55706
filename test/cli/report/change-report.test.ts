import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { changesSection } from "../../../cli/report/page/changes.ts";
import { documentText } from "../../../cli/report/page/document.ts";
import { type ChangeRow, changeRow, lateChanges } from "../../../cli/report/rows/change-row.ts";
import { changeTotals, totalsByOperation } from "../../../cli/report/rows/change-totals.ts";
import { changesCsv } from "../../../cli/report/rows/changes-csv.ts";
import { writeReport } from "../../../cli/report/write-report.ts";
import type { ChangeName } from "../../../lib/domain/ledger/change-name.ts";
import type { EntryBody } from "../../../lib/domain/ledger/entry.ts";
import { objectName } from "../../../lib/domain/log/object-name.ts";
import {
  byRule,
  changeChain,
  changeChainAt,
  changed,
  intended,
  judgedAs,
  left,
  stopName,
  undone,
} from "../../doubles/change-chains.ts";
import { exportFolder, exportLog, namesOf, verifyLog } from "../../doubles/exported-log.ts";
import { alice, keyArn, t0 } from "../../doubles/key-world.ts";
import { createLogWorld, hour, type LogWorld } from "../../doubles/log-world.ts";
import { keepChain, passHours } from "../../doubles/logged-cases.ts";

const { next, remove } = exportFolder();
afterAll(remove);

function rowOf(name: ChangeName, ...bodies: readonly EntryBody[]): ChangeRow {
  const row = changeRow(changeChain(name, ...bodies));
  if (row === undefined) throw new TypeError("no change");
  return row;
}
const reverted = [changed(stopName), byRule, intended, undone];
const stands = [changed(stopName), byRule, left("denied", "AccessDeniedException")];
const changesHtml = (rows: readonly ChangeRow[]) => documentText("", "", changesSection(rows));
const aliasName: ChangeName = {
  ...stopName,
  operation: "alias",
  subject: { kind: "alias", alias: "alias/prod/cvk-1" },
};

describe("the row of a chain of changes", () => {
  it("tells who, what, when, by which rule, and how it ended", () => {
    const chain = changeChain(stopName, ...reverted);
    expect(changeRow(chain)).toEqual({
      ...{
        change: chain.name,
        title: "key …aifllw2h",
        operation: "stop",
        subject: keyArn(),
        keyArn: keyArn(),
        changedAt: t0 + 1000,
      },
      ...{ changes: 1, crowded: false, grave: 1, state: "reverted", says: "stopped the key: it cannot be used" },
      ends: { left: 0, reverting: 0, started: 0, observed: 0, notified: 0, reverted: 1, "as-before": 0, allowed: 0 },
      ...{
        requester:
          "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/us-east-1/AWSReservedSSO_PaymentsAdmin_0123456789abcdef",
      },
      ...{ requesterName: "alice@example.com (PaymentsAdmin)", sourceIp: "203.0.113.64", eventId: "e-1" },
      ...{ rule: "stops-are-undone", policyHash: "c".repeat(64), mode: "enforce", revertedAfterMs: 2_345, whyLeft: "" },
      ...{ entries: 4, head: chain.head },
    });
  });

  it("says why a change was left, and that of any other chain there is none", () => {
    expect(rowOf(stopName, ...stands)).toMatchObject({ state: "left", whyLeft: "denied" });
    expect(changeRow({ ...changeChain(stopName), name: `${keyArn()}#1` as never })).toBeUndefined();
  });
});

describe("the row of a period", () => {
  const chain = changeChain(stopName, changed(stopName, 1), byRule, changed(stopName, 60), byRule);
  const edge = t0 + 30_000;

  it("counts the changes that were made in it, so that those of adjacent periods add up", () => {
    const periods = [
      { from: 0, to: t0 + 1_000 },
      { from: t0 + 1_000, to: edge },
      { from: edge, to: t0 + 60_001 },
    ];
    expect(periods.map((period) => changeRow(chain, period)?.changes)).toEqual([undefined, 1, 1]);
    expect(changeRow(chain, { from: t0 + 60_001, to: t0 + hour })).toBeUndefined();
  });

  it("has beside it how many were recorded in it and made before", () => {
    const made = t0 + 60_000;
    const late = changeChainAt(made + 5_000, stopName, changed(stopName, 60), byRule);
    expect(lateChanges(late, { from: made + 1, to: made + hour })).toBe(1);
    expect(lateChanges(late, { from: made - hour, to: made + hour })).toBe(0);
  });
});

describe("the totals", () => {
  const group = fc.constantFrom<readonly EntryBody[]>(
    [byRule, intended, undone],
    [byRule, left("denied")],
    [judgedAs()],
    [judgedAs({ outcome: "allow", weight: "routine" })],
    [byRule, left("observe")],
    [byRule, left("same-as-before")],
    [byRule, intended],
  );
  const rows = fc.array(
    fc.tuple(fc.constantFrom(stopName, aliasName), fc.array(group, { minLength: 1, maxLength: 4 })),
    { maxLength: 5 },
  );

  it("count every change as one end, and those of the operations add up to all", () => {
    fc.assert(
      fc.property(rows, (made) => {
        const all = made.map(([name, groups]) =>
          rowOf(name, ...groups.flatMap((followed) => [changed(name), ...followed])),
        );
        const { changes, grave, crowded: _c, ...ends } = changeTotals(all);
        expect(Object.values(ends).reduce((sum, each) => sum + each, 0)).toBe(changes);
        expect(changes).toBe(made.reduce((sum, [, groups]) => sum + groups.length, 0));
        expect(grave).toBeLessThanOrEqual(changes);
        const each = totalsByOperation(all).map(([, totals]) => totals);
        for (const [field, total] of Object.entries(changeTotals(all)))
          expect(each.reduce((sum, one) => sum + one[field as "changes"], 0)).toBe(total);
      }),
      { numRuns: 60 },
    );
  });

  it("count the hours in which more happened than is recorded", () => {
    const row = rowOf(stopName, changed(stopName), judgedAs(), { kind: "changes-crowded" });
    expect(changeTotals([row, row])).toMatchObject({ changes: 2, crowded: 2, grave: 2, notified: 2 });
  });
});

describe("the section and the file", () => {
  it("have a row for each chain, its totals, and say so where there is none", () => {
    const html = changesHtml([
      rowOf(stopName, ...reverted),
      rowOf(aliasName, changed(aliasName), byRule, left("denied")),
    ]);
    for (const part of [
      "reverted after 2.3 s",
      "left: denied",
      '<th scope="row">stop</th>',
      '<th scope="row">Total</th>',
    ])
      expect(html).toContain(part);
    expect(changesHtml([])).toContain(">None.</p>");
    expect(changesCsv([rowOf(stopName, ...reverted)]).split("\r\n")).toHaveLength(3);
  });

  it("escape what strangers have chosen, and let no spreadsheet calculate", () => {
    const hostile = rowOf(
      stopName,
      changed(stopName, 1, { says: '=HYPERLINK("x")<script>', sourceIp: "<img src=x>", requester: alice }),
      judgedAs({ rule: "<b>&" }),
    );
    expect(changesHtml([hostile])).not.toMatch(/<script|<img|<b>/);
    expect(changesCsv([hostile])).toContain(`"'=HYPERLINK(""x"")<script>"`);
  });
});

describe("a chain of changes in an export", () => {
  let world: LogWorld;
  let out: string;
  beforeEach(async () => {
    world = await createLogWorld();
    keepChain(world, changeChainAt(world.time.now, stopName, ...reverted));
    await passHours(world, 2);
    world.time.now += 60_000;
    out = next();
  });
  const report = async (from: string) => {
    const into = next();
    const made = await writeReport(
      from,
      into,
      { key: world.key, witnesses: [], targetMs: 60_000, version: "0.1.0" },
      world.time.now,
    );
    return { ...made, ...made.cover, csv: readFileSync(join(into, "changes.csv"), "utf8") };
  };

  it("is verified and reported", async () => {
    await exportLog(world, out);
    const { verified, changes, rows, csv } = await report(out);
    expect([verified.verdict, changes.length, rows.length]).toEqual(["whole", 1, 2]);
    expect(csv).toContain(`change#stop#${keyArn()}#${stopName.hour}`);
  });

  it("is exported before it is logged, and not reported until it is", async () => {
    const later = { ...stopName, hour: 7 };
    keepChain(world, changeChainAt(world.time.now, later, changed(later), byRule, left("denied")));
    expect(await exportLog(world, out)).toMatchObject({ unlogged: 3 });
    const { verified, changes } = await report(out);
    expect([verified.verdict, verified.unlogged, changes.length]).toEqual(["whole", 3, 1]);
  });

  it.each<[string, (name: string) => void, string]>([
    ["is gone from", (name) => void world.table.delete(name), "trail-differs"],
    [
      "was changed in",
      (name) => void world.table.set(name, changeChainAt(world.time.now, stopName, ...stands).texts),
      "trail-differs",
    ],
    [
      "is cut short in",
      (name) => void world.table.set(name, (world.table.get(name) ?? []).slice(0, 2)),
      "trail-differs",
    ],
  ])("that %s the table is a finding of an export", async (_, damage, finding) => {
    damage(`change#stop#${keyArn()}#${stopName.hour}`);
    await exportLog(world, out);
    expect(await verifyLog(world, out)).toMatchObject({ verdict: "damaged" });
    expect(namesOf(await verifyLog(world, out))).toEqual([finding]);
  });

  it("that is gone from the table rings at the next hour, and the log says so", async () => {
    world.table.delete(`change#stop#${keyArn()}#${stopName.hour}`);
    await passHours(world, 1, 2);
    expect(world.logged.map(({ code }) => code)).toContain("TRAIL_DIFFERS");
    expect(world.time.now).toBeGreaterThan(2 * hour);
  });

  it("that was changed in a file of the export is a finding of it", async () => {
    await exportLog(world, out);
    const object = join(out, objectName(1));
    writeFileSync(object, readFileSync(object, "utf8").replace('"outcome":"revert"', '"outcome":"allows"'));
    const { verdict, findings } = await verifyLog(world, out);
    expect(verdict).toBe("damaged");
    expect(findings.length).toBeGreaterThan(0);
  });
});
