import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { writeFlat } from "../../../cli/flat/write-flat.ts";
import { caseEnds, caseParts, caseTotals } from "../../../cli/report/rows/case-totals.ts";
import { writeReport } from "../../../cli/report/write-report.ts";
import { exportFolder, exportLog } from "../../doubles/exported-log.ts";
import { h0, hour } from "../../doubles/log-world.ts";
import { courseNames, reportedWorld, type Told } from "../../doubles/reported-world.ts";

const { next, remove } = exportFolder();
afterAll(remove);

const hours = 12;
const told = fc
  .array(
    fc.record({
      ...{
        at: fc.integer({ min: h0 + 70_000, max: h0 + (hours - 5) * hour }),
        course: fc.constantFrom(...courseNames),
      },
      seenAfterMs: fc.constantFrom(0, 500, 20 * 60_000, 80 * 60_000),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((list): readonly Told[] => list.map((each, n) => ({ ...each, n })));
const bounds = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 6, max: hours - 1 }));

interface Line {
  readonly chain: string;
  readonly chain_kind: string;
  readonly kind: string;
  readonly time: string;
  readonly entry: string;
}

/** What a database computes of the flat lines alone: the earlier of call and first entry, of each case. */
function recount(lines: readonly Line[]): ReadonlyMap<string, number> {
  const firsts = lines.filter(({ kind }) => kind === "deletion-detected");
  return new Map(
    firsts.map(({ chain, time, entry }) => [
      chain,
      Math.min(Date.parse(time), (JSON.parse(entry) as { request: { at: number } }).request.at),
    ]),
  );
}

describe("the reports of adjacent periods", () => {
  it("count each deletion once, carry over exactly what was open, and agree with a recount of the flat lines", async () => {
    await fc.assert(
      fc.asyncProperty(told, bounds, async (deletions, [first, second]) => {
        const world = await reportedWorld(deletions, hours);
        const folder = next();
        await exportLog(world, folder);
        const flat = `${folder}.jsonl`;
        await writeFlat(folder, flat, { key: world.key, witnesses: [] });
        const lines = readFileSync(flat, "utf8")
          .trimEnd()
          .split("\n")
          .map((line) => JSON.parse(line) as Line);
        const times = recount(lines);
        expect(times.size).toBe(deletions.length);

        const edges = [h0, h0 + first * hour, h0 + second * hour, h0 + (hours + 1) * hour];
        const counted: string[] = [];
        let open: readonly string[] = [];
        for (const [n, from] of edges.slice(0, -1).entries()) {
          const to = edges[n + 1] ?? 0;
          const options = { key: world.key, witnesses: [], targetMs: 60_000, version: "0", from, to };
          const { rows } = await writeReport(folder, next(), options, world.time.now);
          const names = (part: string) => rows.filter((row) => row.part === part).map((row) => row.case);
          const inPeriod = [...times].filter(([, at]) => at >= from && at < to).map(([chain]) => chain);
          expect(names("requested").toSorted()).toEqual(inPeriod.toSorted());
          counted.push(...names("requested"));
          // What the period before left open, or did not know yet, is what this one begins with.
          expect([...names("carried-over"), ...names("recorded-late")].toSorted()).toEqual(open.toSorted());
          open = rows.filter(({ end }) => end === "open" || end === "recorded-after").map((row) => row.case);
          for (const part of caseParts) {
            const { deletions: all, ...ends } = caseTotals(rows, part);
            expect(caseEnds.reduce((sum, end) => sum + ends[end], 0)).toBe(all);
            expect(all).toBe(names(part).length);
          }
          const destroyed = lines.filter(
            ({ kind, time }) => kind === "key-destroyed" && Date.parse(time) >= from && Date.parse(time) < to,
          );
          const ended = rows.filter((row) => row.end === "key-destroyed").map((row) => row.case);
          expect(ended.toSorted()).toEqual(destroyed.map(({ chain }) => chain).toSorted());
        }
        expect(counted.toSorted()).toEqual([...times.keys()].toSorted());
      }),
      { numRuns: 15 },
    );
  }, 120_000);

  it("do not count a deletion of the hour before, which a report of that time did not know yet: it is a line of its own", async () => {
    const world = await reportedWorld(
      [{ n: 1, at: h0 + 3 * hour - 60_000, seenAfterMs: 120_000, course: "usable" }],
      6,
    );
    const folder = next();
    await exportLog(world, folder);
    const partsOf = async (from: number, to: number) => {
      const options = { key: world.key, witnesses: [], targetMs: 60_000, version: "0", from, to };
      const { rows } = await writeReport(folder, next(), options, world.time.now);
      return rows.map(({ part, end }) => [part, end]);
    };
    expect(await partsOf(h0, h0 + 3 * hour)).toEqual([["requested", "recorded-after"]]);
    expect(await partsOf(h0 + 3 * hour, h0 + 6 * hour)).toEqual([["recorded-late", "key-usable"]]);
    expect(await partsOf(h0 + 4 * hour, h0 + 6 * hour)).toEqual([]);
  });
});
