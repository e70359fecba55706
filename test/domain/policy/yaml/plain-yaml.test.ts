import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readPlainYaml } from "../../../../lib/domain/policy/yaml/plain-yaml.ts";
import type { YamlPath } from "../../../../lib/domain/policy/yaml/yaml-places.ts";

const faultsOf = (text: string) => {
  const read = readPlainYaml(text);
  return read.ok ? [] : read.faults.map(({ line, column, message }) => `${line}:${column} ${message}`);
};
const name = "expected a name before the colon, in quotes where it is a number";

describe("plain yaml", () => {
  it.each<[string, readonly string[]]>([
    ["1: one", [`1:1 ${name}`]],
    ["a:\n  true: x", [`2:3 ${name}`]],
    ["null: x", [`1:1 ${name}`]],
    ["~: x", [`1:1 ${name}`]],
    [": x", [`1:1 ${name}`]],
    ["? [a, b]\n: x", [`1:3 ${name}`]],
    ["{a: 1, 2: b}", [`1:8 ${name}`]],
    ["%YAML 1.1\n---\na: yes", ["1:1 expected no %YAML directive: this is YAML 1.2"]],
    ["a: 1\nb: b\uFFFDb", ["2:5 file is not valid UTF-8"]],
    ["a: 1\na: 2", ["2:1 duplicated mapping key"]],
    ["- !!binary aGk=", ["1:12 expected no tag, found `!!binary`"]],
    ["a: &x [1]\nb: *x", ["1:7 expected no anchor and no alias", "2:4 expected no anchor and no alias"]],
  ])("%j is refused with its place", (text, faults) => {
    expect(faultsOf(text)).toEqual(faults);
  });

  it.each<[string, unknown]>([
    ['"1": one', { "1": "one" }],
    ["-a: x", { "-a": "x" }],
    [".b: x", { ".b": "x" }],
    ["nullable: x", { nullable: "x" }],
    ["yes: no", { yes: "no" }],
    ["", null],
    ["# only a comment", null],
  ])("%j is what it looks like", (text, value) => {
    expect(readPlainYaml(text)).toMatchObject({ ok: true, value });
  });

  it.each<[YamlPath, string]>([
    [["rules", 1, "when"], "5:5"],
    [["rules", 1], "4:5"],
    [["rules", 0, "id"], "2:5"],
    [["rules", 1, "when", "key", 1], "6:16"],
    [["rules", 1, "when", "nothing"], "5:5"],
    [["rules", 7], "1:1"],
    [["rules", 2], "1:1"],
    [[], "1:1"],
  ])("has the value of %j at %s, or the nearest thing around it", (path, place) => {
    const read = readPlainYaml(
      'rules:\n  - id: a\n    then: b\n  - id: c\n    when:\n      key: [x, "y"]\n  -\n\n# the end\n',
    );
    expect(read.ok && `${read.placeOf(path).line}:${read.placeOf(path).column}`).toBe(place);
  });

  it("knows on which line a value ends: not what follows it", () => {
    const read = readPlainYaml("rules:\n  - id: a\n    then: b\n\n  # about c\n  - id: c\nlast: 1\n");
    expect(read.ok && [["rules", 0], ["rules", 1], ["last"]].map((path) => read.endOf(path))).toEqual([3, 6, 7]);
  });

  it("reads any JSON as JSON.parse does, and stands nowhere outside of it", () => {
    const json = fc.json({ maxDepth: 4 }).filter((text) => !text.includes("__proto__"));
    fc.assert(
      fc.property(json, (text) => {
        const read = readPlainYaml(text);
        expect(read.ok ? read.value : read.faults).toEqual(JSON.parse(text));
      }),
      { numRuns: 200 },
    );
  });

  it("never throws, whatever the text", () => {
    const pieces = fc.constantFrom(
      "- ",
      ": ",
      "\n",
      "  ",
      "a",
      "[",
      "]",
      "{",
      "}",
      "&",
      "*",
      "!",
      "|",
      ">",
      "'",
      '"',
      "#",
      "%",
      "---",
      "...",
      "?",
      "\t",
      "é",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(pieces, { maxLength: 30 }).map((all) => all.join("")),
          fc.string({ unit: "binary" }),
        ),
        (text) => {
          expect(typeof readPlainYaml(text).ok).toBe("boolean");
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
