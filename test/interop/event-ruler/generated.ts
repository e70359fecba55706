import fc from "fast-check";
import { carelessLeaf, scalar, soundLeaf } from "./leaves.ts";
import type { Question } from "./oracle.ts";

const address = fc.constantFrom("10.0.0.1", "10.0.1.1", "10.0.0.1/8", "2001:db8::1", "2001:db8:1::1", "10.0.0", "a");
const name = fc.constantFrom("a", "b", "c", "d");

const leafValue = fc.oneof({ weight: 6, arbitrary: scalar }, address, fc.constant([]), fc.constant({}));
const { value: eventValue } = fc.letrec<{ value: unknown; object: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    { weight: 6, arbitrary: leafValue },
    { weight: 2, arbitrary: fc.array(tie("value"), { maxLength: 3 }) },
    { weight: 2, arbitrary: tie("object") },
  ),
  object: fc.dictionary(name, tie("value"), { maxKeys: 3 }),
}));
const event = fc.dictionary(name, eventValue, { maxKeys: 4 });

/** Makes patterns of what stands in their lists. */
function patternOf(leaf: fc.Arbitrary<unknown>): fc.Arbitrary<Record<string, unknown>> {
  const leaves = fc.array(leaf, { minLength: 1, maxLength: 3 });
  return fc.letrec<{ pattern: Record<string, unknown>; or: unknown; inner: unknown }>((tie) => ({
    inner: fc.oneof({ depthSize: "small" }, { weight: 4, arbitrary: leaves }, { weight: 2, arbitrary: tie("pattern") }),
    or: fc.array(tie("pattern"), { minLength: 2, maxLength: 3 }),
    pattern: fc
      .tuple(
        fc.dictionary(name, tie("inner"), { minKeys: 1, maxKeys: 2 }),
        fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: tie("or") }),
      )
      .map(([fields, or]) => (or === undefined ? fields : { ...fields, $or: or })),
  })).pattern;
}

/** Returns `count` patterns, each with eight events; the same ones for the same seed. Nine of ten keep to the rules of the language. */
export function generatedQuestions(count: number, seed: number): readonly Question[] {
  const pattern = fc.oneof(
    { weight: 9, arbitrary: patternOf(soundLeaf) },
    { weight: 1, arbitrary: patternOf(carelessLeaf) },
  );
  const events = fc.array(event, { minLength: 8, maxLength: 8 });
  return fc.sample(fc.record({ pattern, events }), { numRuns: count, seed });
}
