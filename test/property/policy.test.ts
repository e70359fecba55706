import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { networkMatcher } from "../../lib/domain/policy/match/network.ts";
import { parsePolicy } from "../../lib/domain/policy/parse.ts";
import { compilePolicy } from "../../lib/domain/policy/policy.ts";
import { readPolicyYaml } from "../../lib/domain/policy/yaml/policy-yaml.ts";

const numRuns = process.env["REPRIEVE_DEEP"] ? 20_000 : process.env["REPRIEVE_FEW_RUNS"] ? 200 : 1_000;
const sample = readFileSync(new URL("../../policy/policy.yaml", import.meta.url), "utf8");
const parsedSample = readPolicyYaml(sample);
const sampleSource: unknown = parsedSample.ok ? parsedSample.source : undefined;

/** `value` with the place that `steps` lead to replaced. */
function mutate(value: unknown, steps: readonly number[], replacement: unknown): unknown {
  if (typeof value !== "object" || value === null || steps.length === 0) return replacement;
  const keys = Object.keys(value);
  const name = keys[(steps[0] ?? 0) % Math.max(keys.length, 1)];
  if (name === undefined) return replacement;
  const inside = mutate((value as Record<string, unknown>)[name], steps.slice(1), replacement);
  return Array.isArray(value) ? value.with(Number(name), inside) : { ...value, [name]: inside };
}

/** A policy that is ready, or faults that say something. */
function parsesOrSaysWhy(document: unknown): boolean {
  const result = parsePolicy(document);
  if (result.ok) {
    const { rules, changeRules } = compilePolicy(result.document, "");
    return rules.length + changeRules.length === result.document.rules.length;
  }
  return result.faults.length > 0 && result.faults.every(({ message }) => message !== "");
}

/** A policy, or faults that stand somewhere in the text. */
function readsOrSaysWhere(text: string): boolean {
  const file = readPolicyYaml(text);
  if (file.ok) return true;
  const lines = text.split(/\r?\n/).length;
  return (
    file.faults.length > 0 &&
    file.faults.every(({ line, column, message }) => line >= 1 && line <= lines && column >= 1 && message !== "")
  );
}

describe("parsePolicy is total", () => {
  it("on any JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (document) => parsesOrSaysWhy(document)),
      { numRuns },
    );
  });

  it("on the shipped policy with any one place replaced by anything", () => {
    const replacement = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom<unknown>(
        undefined,
        "*",
        "allow",
        [],
        {},
        ["*"],
        "24h",
        -0,
        Number.POSITIVE_INFINITY,
        Number.NaN,
        "\ud800",
        "__proto__",
      ),
    );
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 20 }), { maxLength: 6 }), replacement, (steps, value) =>
        parsesOrSaysWhy(mutate(sampleSource, steps, value)),
      ),
      { numRuns },
    );
  });
});

describe("readPolicyYaml is total", () => {
  it("on any text", () => {
    const syntax = fc.string({ unit: fc.constantFrom(..."[]{}:-,&*!|>%@`\"'#? \n\tab0~\u0000\ufeff") });
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), syntax), (text) => readsOrSaysWhere(text)),
      { numRuns },
    );
  });

  it("on the shipped policy with a piece replaced by anything", () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary", maxLength: 8 }),
      fc.string({ unit: fc.constantFrom(..."[]{}:-,&*!|>%\"'#? \n\t"), maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.nat({ max: sample.length }), fc.nat({ max: 40 }), piece, (at, length, text) =>
        readsOrSaysWhere(sample.slice(0, at) + text + sample.slice(at + length)),
      ),
      { numRuns: numRuns / 5 },
    );
  });

  it.each(["[", "{a: ", "- ", "? "])("on %j ten thousand times", (piece) => {
    expect(readPolicyYaml(piece.repeat(10_000)).ok).toBe(false);
  });
});

describe("networks", () => {
  it("hold the addresses that share their prefix", () => {
    const address = fc.nat({ max: 2 ** 32 - 1 });
    const dotted = (bits: number) => [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join(".");
    fc.assert(
      fc.property(address, fc.nat({ max: 32 }), fc.nat({ max: 32 }), (base, prefix, flipped) => {
        const other = flipped === 32 ? base : base ^ (1 << (31 - flipped));
        const shared = flipped >= prefix;
        expect(networkMatcher([`${dotted(base)}/${prefix}`])(dotted(other))).toBe(shared);
      }),
      { numRuns },
    );
  });
});
