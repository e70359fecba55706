import { describe, expect, it } from "vitest";
import { compilePattern } from "../../../local/aws/bus/event-pattern.ts";

const matches = (pattern: object, event: object) => compilePattern(pattern)(event);

describe("an event pattern", () => {
  it.each<[string, object, object, object]>([
    ["an exact value", { a: ["x"] }, { a: "x" }, { a: "X" }],
    ["one of several", { a: ["x", "y"] }, { a: "y" }, { a: "z" }],
    ["a number, not its text", { a: [1] }, { a: 1 }, { a: "1" }],
    ["true, false and null", { a: [null], b: [true] }, { a: null, b: true }, { b: true }],
    ["an empty text", { a: [""] }, { a: "" }, { a: null }],
    ["any element of a list", { a: ["x"] }, { a: ["w", "x"] }, { a: ["w"] }],
    ["all fields", { a: ["x"], b: ["y"] }, { a: "x", b: "y", c: 1 }, { a: "x", b: "z" }],
    ["nested fields", { d: { e: ["x"] } }, { d: { e: "x" } }, { d: "x" }],
    ["nested fields in a list", { d: { e: ["x"] } }, { d: [{ e: "w" }, { e: "x" }] }, { d: [{ e: "w" }] }],
    ["prefix", { a: [{ prefix: "al" }] }, { a: "alias" }, { a: "lal" }],
    ["prefix in any case", { a: [{ prefix: { "equals-ignore-case": "AL" } }] }, { a: "alias" }, { a: "lal" }],
    ["suffix", { a: [{ suffix: "as" }] }, { a: "alias" }, { a: "asx" }],
    ["suffix in any case", { a: [{ suffix: { "equals-ignore-case": "AS" } }] }, { a: "alias" }, { a: "asx" }],
    ["equals-ignore-case", { a: [{ "equals-ignore-case": "Alias" }] }, { a: "aLIAS" }, { a: "alia" }],
    ["wildcard", { a: [{ wildcard: "a*s/*" }] }, { a: "alias/x" }, { a: "alias" }],
    ["a question mark in a wildcard, literally", { a: [{ wildcard: "a?*c" }] }, { a: "a?bc" }, { a: "abbc" }],
    ["several stars and a question mark", { a: [{ wildcard: "*b?*d*" }] }, { a: "ab?cd" }, { a: "abcd" }],
    ["exists", { a: [{ exists: true }] }, { a: null }, { b: 1 }],
    ["not exists", { a: [{ exists: false }] }, { b: 1 }, { a: "" }],
    ["not exists below something absent", { d: { e: [{ exists: false }] } }, {}, { d: { e: 1 } }],
    ["numeric range", { a: [{ numeric: [">", 0, "<=", 5] }] }, { a: 5 }, { a: 0 }],
    ["numeric equality", { a: [{ numeric: ["=", 3] }] }, { a: 3 }, { a: "3" }],
    ["cidr", { a: [{ cidr: "203.0.113.0/24" }] }, { a: "203.0.113.9" }, { a: "203.0.114.9" }],
    ["cidr of version 6", { a: [{ cidr: "2001:db8::/32" }] }, { a: "2001:db8::1" }, { a: "not an address" }],
    ["anything-but a value", { a: [{ "anything-but": "x" }] }, { a: "y" }, { a: "x" }],
    ["anything-but a list of texts", { a: [{ "anything-but": ["x", "1"] }] }, { a: 1 }, { a: "1" }],
    ["anything-but a list of numbers", { a: [{ "anything-but": [2, 1] }] }, { a: "1" }, { a: 1 }],
    ["anything-but a prefix, of a number", { a: [{ "anything-but": { prefix: "x" } }] }, { a: 1 }, { a: {} }],
    ["exists, for which an object is no value", { a: [{ exists: true }] }, { a: [[1]] }, { a: { b: 1 } }],
    ["not exists, for which an empty list is no value", { a: [{ exists: false }] }, { a: [] }, { a: [null] }],
    [
      "not exists in the same element",
      { d: { e: ["x"], f: [{ exists: false }] } },
      { d: [{ e: "x" }, { f: 1 }] },
      { d: [{ e: "x", f: 1 }] },
    ],
    [
      "two fields of one element",
      { d: { e: ["x"], f: [1] } },
      { d: [{ e: "x", f: 1 }] },
      { d: [{ e: "x" }, { f: 1 }] },
    ],
    ["a list in a list", { a: ["x"] }, { a: [["w"], [["x"]]] }, { a: [["w"]] }],
    ["a name with a dot", { "a.b": ["x"] }, { a: { b: "x" } }, { a: "x" }],
    ["an escaped star", { a: [{ wildcard: "a\\*\\\\*" }] }, { a: "a*\\b" }, { a: "ab\\b" }],
    ["an address, however it is written", { a: ["2001:db8::1"] }, { a: "2001:DB8:0::1" }, { a: "2001:db8::2" }],
    ["anything-but something absent", { a: [{ "anything-but": "x" }] }, { a: "" }, {}],
    ["anything-but a prefix", { a: [{ "anything-but": { prefix: "x" } }] }, { a: "ax" }, { a: "xa" }],
    ["anything-but several suffixes", { a: [{ "anything-but": { suffix: ["x", "y"] } }] }, { a: "xa" }, { a: "ay" }],
    ["anything-but a wildcard", { a: [{ "anything-but": { wildcard: "*x*" } }] }, { a: "b" }, { a: "axb" }],
    ["anything-but in any case", { a: [{ "anything-but": { "equals-ignore-case": "X" } }] }, { a: "y" }, { a: "x" }],
    ["$or", { $or: [{ a: ["x"] }, { b: ["y"] }] }, { b: "y" }, { a: "y", b: "x" }],
    ["$or with fields beside it", { c: [1], $or: [{ a: ["x"] }, { b: ["y"] }] }, { c: 1, a: "x" }, { a: "x" }],
  ])("with %s", (_, pattern, hits, misses) => {
    expect(matches(pattern, hits)).toBe(true);
    expect(matches(pattern, misses)).toBe(false);
  });

  it.each<[unknown, RegExp]>([
    [{}, /at least one field/],
    ["x", /expected an object/],
    [{ a: "x" }, /pattern\.a: expected an object/],
    [{ a: [] }, /pattern\.a: expected at least one value/],
    [{ a: [["x"]] }, /pattern\.a\.0: expected a value or one comparison/],
    [{ a: [{ prefix: "a", suffix: "b" }] }, /one comparison/],
    [{ a: [{ regex: "x" }] }, /there is no such comparison/],
    [{ a: [{ exists: "yes" }] }, /true or false/],
    [{ a: [{ prefix: 1 }] }, /expected text/],
    [{ a: [{ wildcard: "a**" }] }, /consecutive wildcards/],
    [{ a: [{ numeric: ["~", 1] }] }, /comparison with a number/],
    [{ a: [{ numeric: [">"] }] }, /one or two comparisons/],
    [{ a: [{ cidr: "203.0.113.0" }] }, /expected a network/],
    [{ a: [{ "anything-but": {} }] }, /one comparison/],
    [{ a: [{ "anything-but": { exists: true } }] }, /no such comparison/],
    [{ a: [{ "anything-but": ["x", 1] }] }, /all texts or all numbers/],
    [{ a: [{ "anything-but": null }] }, /all texts or all numbers/],
    [{ a: [{ "anything-but": { suffix: [] } }] }, /at least one value/],
    [{ a: [{ "anything-but": { prefix: "" } }] }, /not empty/],
    [{ a: [{ wildcard: "a\\b" }] }, /after a backslash/],
    [{ a: [{ numeric: [">", 2, "<", 1] }] }, /lower bound to a higher one/],
    [{ a: [{ numeric: ["=", 1, "<", 2] }] }, /lower bound to a higher one/],
    [{ a: [{ cidr: "203.0.113.0/32" }] }, /expected a network/],
    [{ a: [{ cidr: "0.0.0.0/0" }] }, /at least 8 bits/],
    [{ a: ["x"], $or: [{ a: ["y"] }, { b: ["y"] }] }, /each path once/],
    [{ $or: [{ prefix: ["x"] }, { b: ["y"] }] }, /no comparison here/],
    [{ a: [{ "anything-but": [{}] }] }, /all texts or all numbers/],
    [{ $or: [{ a: ["x"] }] }, /two or more/],
  ])("is refused where EventBridge would refuse it: %j", (pattern, message) => {
    expect(() => compilePattern(pattern)).toThrow(message);
  });
});
