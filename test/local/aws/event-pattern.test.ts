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
    ["anything-but a list", { a: [{ "anything-but": ["x", 1] }] }, { a: "1" }, { a: 1 }],
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
    [{ a: [{ "anything-but": {} }] }, /no such comparison/],
    [{ a: [{ "anything-but": [{}] }] }, /expected values/],
    [{ $or: [{ a: ["x"] }] }, /two or more/],
  ])("is refused where EventBridge would refuse it: %j", (pattern, message) => {
    expect(() => compilePattern(pattern)).toThrow(message);
  });
});
