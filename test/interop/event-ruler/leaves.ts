import fc from "fast-check";

/** Short values of few letters, so that patterns and events meet. */
const word = fc.string({ unit: fc.constantFrom("a", "b", "A", "é", "?", ".", "*", "\\"), maxLength: 4 });
const number = fc.constantFrom(0, 1, 2, -1, 1.5, 300, 1e9);
export const scalar = fc.oneof(
  { weight: 5, arbitrary: word },
  { weight: 2, arbitrary: number },
  fc.constantFrom(null, true, false),
);
const plainWord = fc.string({ unit: fc.constantFrom("a", "b", "A", "é", "?", "."), minLength: 1, maxLength: 3 });
const wildcard = fc
  .array(fc.oneof(plainWord, fc.constantFrom("*", "\\\\", "\\*")), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join("").replaceAll(/(?<!\\)\*\*+/g, "*"));
const ignoringCase = (text: fc.Arbitrary<string>) => text.map((folded) => ({ "equals-ignore-case": folded }));
const as = (operator: string, operand: fc.Arbitrary<unknown>) => operand.map((value) => ({ [operator]: value }));
const oneOrMore = (text: fc.Arbitrary<unknown>) => fc.oneof(text, fc.array(text, { minLength: 1, maxLength: 3 }));

const exists = as("exists", fc.boolean());
const comparison = fc.constantFrom("<", "<=", ">", ">=", "=");
const range = fc
  .tuple(fc.constantFrom(">", ">="), number, fc.constantFrom("<", "<="), number)
  .map(([lower, one, upper, other]) => [lower, Math.min(one, other), upper, Math.max(one, other) + 1]);
const soundNetwork = fc.constantFrom("10.0.0.0/24", "10.0.0.0/8", "2001:db8::/32", "10.0.0.0/31", "10.0.0.1/16");
const soundAnythingBut = fc.oneof(
  oneOrMore(word),
  oneOrMore(number),
  as("prefix", oneOrMore(plainWord)),
  as("suffix", oneOrMore(plainWord)),
  as("equals-ignore-case", oneOrMore(word)),
  as("wildcard", oneOrMore(wildcard)),
);

/** What EventBridge takes. */
export const soundLeaf: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: scalar },
  { weight: 2, arbitrary: exists },
  as("prefix", fc.oneof(word, ignoringCase(word))),
  as("suffix", fc.oneof(word, ignoringCase(word))),
  ignoringCase(word),
  { weight: 2, arbitrary: as("wildcard", wildcard) },
  { weight: 3, arbitrary: as("anything-but", soundAnythingBut) },
  as("numeric", fc.oneof(fc.tuple(comparison, number), range)),
  as("cidr", soundNetwork),
);

const operators = ["prefix", "suffix", "equals-ignore-case", "wildcard"];
const texts = fc.oneof(word, fc.array(word, { maxLength: 3 }));
const anythingBut = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 3 }),
  ...operators.map((operator) => as(operator, texts)),
);
const network = fc.constantFrom("10.0.0.1/32", "0.0.0.0/0", "0.0.0.0/1", "10.0.0.0", "a/8", "10.0.0.0/33", "::/128");

/** Sound leaves among some that are not. */
export const carelessLeaf: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 8, arbitrary: soundLeaf },
  as("wildcard", word),
  as("anything-but", anythingBut),
  as("numeric", fc.array(fc.oneof(comparison, number), { maxLength: 4 })),
  as("numeric", fc.tuple(comparison, number, comparison, number)),
  as("cidr", network),
);
