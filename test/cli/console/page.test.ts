import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { caseStates } from "../../../cli/cases/case-list.ts";
import { listedStates } from "../../../cli/changes/change-list.ts";
import { hashOf, routeIn } from "../../../cli/console/page/route.ts";
import { noFilter, type RowFilter, type Sort, shownRows, sorts } from "../../../cli/console/page/row-filter.ts";
import { ageText, stateText, toneOf } from "../../../cli/console/page/row-words.ts";
import { rowsCsv } from "../../../cli/console/page/rows-csv.ts";
import type { Row } from "../../../cli/console/parts.ts";
import { readRow } from "../../../cli/console/rows.ts";
import { consolePage } from "../../../scripts/page-files.ts";
import { byRule, changeChain, changed, stopName, trailOf, undone } from "../../doubles/change-chains.ts";
import { day, t0 } from "../../doubles/key-world.ts";
import { asked, caseTrail, usable } from "./trails.ts";

const rowFor = (trail: Parameters<typeof readRow>[0], place = ""): Row => {
  const { row } = readRow(trail, place);
  if (row === undefined) throw new Error("no row");
  return row;
};
const restored = rowFor(caseTrail("filters000000aaa", t0, ...usable));
const question = rowFor(caseTrail("filters000000bbb", t0 + day, ...asked), "eu-prod");
const stopped = rowFor(trailOf(changeChain(stopName, changed(stopName), byRule, undone)));
const damaged = rowFor({ ...caseTrail("filters000000ddd", t0, ...usable), head: "0".repeat(64) });
const all = [restored, question, stopped, damaged];
const names = (filter: Partial<RowFilter>) => shownRows(all, { ...noFilter, ...filter }).map(({ name }) => name);

describe("the list", () => {
  it.each<[Partial<RowFilter>, readonly Row[]]>([
    [{ q: "BBB" }, [question]],
    [{ q: " Some-Rule ", place: "", to: "2024-05-27" }, [restored]],
    [{ state: "people-are-asked" }, [question]],
    [{ state: "damaged" }, [damaged]],
    [{ operation: "stop" }, [stopped]],
    [{ place: "eu-prod" }, [question]],
    [{ open: "1" }, [question, damaged]],
    [{ from: "2024-05-28", operation: "delete" }, [question, damaged]],
    [{ to: "2024-05-27", operation: "delete" }, [restored, damaged]],
    [{ q: "nothing has this" }, []],
  ])("with %j shows what it names", (filter, rows) => {
    expect(names(filter).toSorted()).toEqual(rows.map(({ name }) => name).toSorted());
  });

  it("finds a person by any part of the ARN or the name, whatever the case", () => {
    const person = question.requesterName.toUpperCase().slice(1, 5);
    expect(names({ person })).toContain(question.name);
    expect(names({ person: "nobody-like-this" })).toEqual([]);
  });

  it("sorts by each order, and is whole in each", () => {
    for (const sort of Object.keys(sorts) as Sort[])
      expect(names({ sort }).toSorted()).toEqual(all.map(({ name }) => name).toSorted());
    expect(names({ sort: "newest" })[0]).toBe([...all].sort((a, b) => b.at - a.at)[0]?.name);
    expect(names({ sort: "deadline" })[0]).toBe(question.name);
    expect(names({ sort: "slowest" })[0]).toBe(restored.name);
  });

  it("filters 10,000 rows in less than the time of a keystroke or two", () => {
    const many = Array.from({ length: 10_000 }, (_, n) => ({
      ...restored,
      name: `${restored.name}${n}`,
      title: `key ${n}`,
    }));
    expect(shownRows(many, { ...noFilter, q: "key 999", sort: "key" }).length).toBe(11);
  });
});

describe("the address", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 40 });
  const filter = fc.record({
    ...{
      q: text,
      state: text,
      operation: text,
      rule: text,
      person: text,
      place: text,
      from: text,
      to: text,
      open: text,
    },
    sort: fc.constantFrom(...(Object.keys(sorts) as Sort[])),
  });

  it("leads back to the same case and the same list", () => {
    const chosen = fc.option(
      fc.record({ place: text, name: fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }) }),
      { nil: undefined },
    );
    fc.assert(
      fc.property(filter, chosen, (given, row) => {
        const route = { filter: given, ...(row && { chosen: row }) };
        expect(routeIn(hashOf(route))).toEqual(route);
      }),
    );
  });

  it("of anything else leads to the plain list", () => {
    for (const hash of ["", "#", "#/", "#/case/x", "#/case//%", "#/case/%E0%A4%A/x", "#k=abc", "#/?sort=constructor"])
      expect(routeIn(hash)).toEqual({ filter: noFilter });
  });
});

describe("a list that is saved", () => {
  it("has a line for each row, and no cell that a spreadsheet takes for a formula", () => {
    const evil: Row = { ...restored, title: "=HYPERLINK(1)", requesterName: "@cmd", rule: 'a"b,c' };
    const lines = rowsCsv([evil, question]).split("\r\n");
    expect(lines).toHaveLength(4);
    expect(lines[1]).toContain("'=HYPERLINK(1)");
    expect(lines[1]).toContain("'@cmd");
    expect(lines[1]).toContain('"a""b,c"');
    expect(lines[0]?.split(",").length).toBe(lines[2]?.split(",").length);
  });
});

describe("states in words", () => {
  it("exist for every state, and each says how it is drawn", () => {
    for (const state of [...caseStates, ...listedStates]) {
      expect(stateText(state)).toMatch(/^[a-z]/);
      expect(["good", "bad", "warn", "plain"]).toContain(toneOf({ state }));
    }
    expect(toneOf({ state: "key-usable", tampered: "gone" })).toBe("bad");
    expect([ageText(0), ageText(89_000), ageText(91_000), ageText(3 * 3_600_000), ageText(3 * day)]).toEqual([
      "0 s",
      "89 s",
      "2 min",
      "3 h",
      "3 d",
    ]);
  });
});

describe("the page's files", () => {
  it("are small: 120 KB of script at most, as they would be sent, and nothing of them comes from elsewhere", async () => {
    const files = await consolePage();
    const script = String(files.get("/app.js")?.content);
    expect(gzipSync(script).length).toBeLessThan(120_000);
    expect(script).not.toMatch(/https?:\/\/(?!www\.w3\.org)/);
    const html = String(files.get("/")?.content);
    const linked = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path = ""]) => path);
    expect(linked).toEqual(["/icon.svg", "/style.css", "/app.js"]);
    for (const path of linked) expect(files.has(path)).toBe(true);
  });
});
