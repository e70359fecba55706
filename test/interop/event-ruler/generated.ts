import fc from "fast-check";
import type { Question } from "./oracle.ts";

/** Short values of few letters, so that patterns and events meet. */
const word = fc.string({ unit: fc.constantFrom("a", "b", "A", "é", "?", ".", "*", "\\"), maxLength: 4 });
const number = fc.constantFrom(0, 1, 2, -1, 1.5, 300, 1e9);
const scalar = fc.oneof(
  { weight: 5, arbitrary: word },
  { weight: 2, arbitrary: number },
  fc.constantFrom(null, true, false),
);
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

const network = fc.constantFrom(
  "10.0.0.0/24",
  "10.0.0.0/8",
  "2001:db8::/32",
  "10.0.0.1/32",
  "0.0.0.0/0",
  "0.0.0.0/1",
  "192.0.0.0/2",
  "10.0.0.0",
  "a/8",
  "10.0.0.0/33",
);
const comparison = fc.constantFrom("<", "<=", ">", ">=", "=");
const numeric = fc.oneof(
  fc.tuple(comparison, number),
  fc.tuple(fc.constantFrom(">", ">="), number, fc.constantFrom("<", "<="), number),
  fc.array(fc.oneof(comparison, number), { maxLength: 4 }),
);
const ignoringCase = word.map((text) => ({ "equals-ignore-case": text }));
const texts = fc.oneof(word, fc.array(word, { maxLength: 3 }));
const anythingBut = fc.oneof(
  scalar,
  fc.array(word, { maxLength: 3 }),
  fc.array(number, { maxLength: 3 }),
  fc.array(scalar, { maxLength: 3 }),
  ...["prefix", "suffix", "equals-ignore-case", "wildcard"].map((operator) =>
    texts.map((operand) => ({ [operator]: operand })),
  ),
);
const leaf = fc.oneof(
  { weight: 6, arbitrary: scalar },
  fc.boolean().map((exists) => ({ exists })),
  fc.oneof(word, ignoringCase).map((prefix) => ({ prefix })),
  fc.oneof(word, ignoringCase).map((suffix) => ({ suffix })),
  ignoringCase,
  word.map((wildcard) => ({ wildcard })),
  { weight: 3, arbitrary: anythingBut.map((operand) => ({ "anything-but": operand })) },
  numeric.map((operand) => ({ numeric: operand })),
  network.map((cidr) => ({ cidr })),
);
const leaves = fc.array(leaf, { minLength: 1, maxLength: 3 });
const { pattern } = fc.letrec<{ pattern: Record<string, unknown>; or: unknown; inner: unknown }>((tie) => ({
  inner: fc.oneof({ depthSize: "small" }, { weight: 4, arbitrary: leaves }, { weight: 2, arbitrary: tie("pattern") }),
  or: fc.array(tie("pattern"), { minLength: 2, maxLength: 3 }),
  pattern: fc
    .tuple(
      fc.dictionary(name, tie("inner"), { minKeys: 1, maxKeys: 2 }),
      fc.option(tie("or"), { freq: 9, nil: undefined }),
    )
    .map(([fields, or]) => (or === undefined ? fields : { ...fields, $or: or })),
}));

/** Returns `count` patterns, each with eight events; the same ones for the same seed. */
export function generatedQuestions(count: number, seed: number): readonly Question[] {
  return fc.sample(fc.record({ pattern, events: fc.array(event, { minLength: 8, maxLength: 8 }) }), {
    numRuns: count,
    seed,
  });
}
