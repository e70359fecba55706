import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { withoutEmpties } from "../../lib/aws/cloudtrail/without-empties.ts";

const nest = (depth: number, inside: unknown): unknown =>
  Array.from({ length: depth }).reduce<unknown>((value) => ({ a: value }), inside);

function holdsSomething(value: unknown): boolean {
  if (typeof value !== "object") return value !== "";
  const members = Object.values(value ?? {});
  return members.length > 0 && members.every(holdsSomething);
}

describe("withoutEmpties", () => {
  it.each<[string, unknown, unknown]>([
    ["null, empty text, empty objects and empty lists", { a: null, b: "", c: {}, d: [], e: 1 }, { e: 1 }],
    ["what is empty once these are gone", { a: { b: { c: null } }, d: [{}, [null]], e: 1 }, { e: 1 }],
    ["empty items of a list", { a: [null, "x", {}] }, { a: ["x"] }],
    ["everything, where there is nothing else", { a: {} }, undefined],
  ])("drops %s", (_, json, expected) => {
    expect(withoutEmpties(json)).toEqual(expected);
  });

  it("keeps 0, false and text of blanks, which say something", () => {
    const json = { a: 0, b: false, c: " " };
    expect(withoutEmpties(json)).toEqual(json);
  });

  it("sets no prototype", () => {
    const json = JSON.parse('{"__proto__":{"polluted":1},"a":1}');
    expect(Object.getPrototypeOf(withoutEmpties(json))).toBe(Object.prototype);
    expect(Object.keys(withoutEmpties(json) as object)).toEqual(["__proto__", "a"]);
  });

  it("leaves out what lies deeper than any record, and survives any depth and breadth", () => {
    expect(withoutEmpties(nest(31, "x"))).toEqual(nest(31, "x"));
    expect(withoutEmpties({ kept: 1, ...(nest(100_000, "x") as object) })).toEqual({ kept: 1 });
    expect(withoutEmpties({ kept: 1, wide: Array.from({ length: 300_000 }, () => ({})) })).toEqual({ kept: 1 });
  });

  it("is done after one time, and what is left holds no empty member", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        const once = withoutEmpties(json);
        expect(withoutEmpties(once)).toEqual(once);
        expect(once === undefined || holdsSomething(once)).toBe(true);
      }),
    );
  });
});
