import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseQueueMessage } from "../../lib/aws/cloudtrail-event.ts";

const stack = { account: "111122223333", region: "us-east-1" };
const folder = new URL("../../events/", import.meta.url);
const samples = readdirSync(folder)
  .filter((file) => file.endsWith(".json"))
  .map((file) => JSON.parse(readFileSync(new URL(file, folder), "utf8")) as object);
const kinds = ["deletion", "attempt", "service-event", "refused"];
const numRuns = process.env["REPRIEVE_DEEP"] ? 100_000 : 2_000;

type Json = { [key: string]: Json } | unknown;

/** `value` with the place that `steps` lead to replaced. */
function mutate(value: Json, steps: readonly number[], replacement: unknown): Json {
  if (typeof value !== "object" || value === null || steps.length === 0) return replacement;
  const keys = Object.keys(value);
  const key = keys[(steps[0] ?? 0) % Math.max(keys.length, 1)];
  if (key === undefined) return replacement;
  const inside = mutate((value as Record<string, Json>)[key], steps.slice(1), replacement);
  return Array.isArray(value) ? value.with(Number(key), inside) : { ...value, [key]: inside };
}

type Members = { [name: string]: unknown };

/** Names of members that the parser reads, and some that it does not. */
const names = [
  "type",
  "arn",
  "accountId",
  "invokedBy",
  "onBehalfOf",
  "sessionContext",
  "sessionIssuer",
  "sourceIdentity",
];
const more = ["attributes", "webIdFederationData", "errorCode", "addendum", "resources", "x"];
const nothing = fc.constantFrom<unknown>(null, "", {}, [], { a: null }, { a: { b: {} } }, [null, {}]);

/** `json` with empty members at every object that `pick` chooses one for; what was there stays. */
function sprinkled(json: unknown, pick: () => Members): unknown {
  if (typeof json !== "object" || json === null || Array.isArray(json)) return json;
  const members = Object.entries(json).map(([name, value]) => [name, sprinkled(value, pick)]);
  return { ...pick(), ...Object.fromEntries(members) };
}

describe("members that hold nothing", () => {
  it("never change what is read of a record, wherever they stand", () => {
    const some = fc.dictionary(fc.constantFrom(...names, ...more), nothing, { maxKeys: 4 });
    fc.assert(
      fc.property(fc.constantFrom(...samples), fc.infiniteStream(some), (sample, stream) => {
        const pick = () => stream.next().value;
        const text = JSON.stringify(sprinkled(sample, pick));
        expect(parseQueueMessage(text, stack)).toEqual(parseQueueMessage(JSON.stringify(sample), stack));
      }),
      { numRuns },
    );
  });
});

describe("parseQueueMessage is total", () => {
  it("on any text", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: "binary" })), (text) =>
        kinds.includes(parseQueueMessage(text, stack).kind),
      ),
      { numRuns },
    );
  });

  it("on any JSON", () => {
    fc.assert(
      fc.property(fc.json(), (text) => kinds.includes(parseQueueMessage(text, stack).kind)),
      { numRuns },
    );
  });

  it("on every sample with any one place replaced by anything", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.array(fc.nat({ max: 40 }), { maxLength: 6 }),
        fc.oneof(fc.jsonValue(), fc.constant(undefined), fc.constantFrom("arn:aws:iam::1:root", "__proto__", "\ud800")),
        (sample, steps, replacement) => {
          const text = String(JSON.stringify(mutate(sample, steps, replacement)));
          return kinds.includes(parseQueueMessage(text, stack).kind);
        },
      ),
      { numRuns },
    );
  });

  it("on JSON nested a hundred thousand deep, and on names of Object", () => {
    for (const text of [
      "[".repeat(100_000),
      `${"[".repeat(100_000)}${"]".repeat(100_000)}`,
      '{"__proto__":{"source":"aws.payment-cryptography"},"constructor":1}',
    ])
      expect(parseQueueMessage(text, stack).kind).toBe("refused");
  });

  it("and a message in a refusal never holds a control character", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.array(fc.nat({ max: 40 }), { maxLength: 3 }),
        fc.string({ unit: "binary" }),
        (sample, steps, text) => {
          const parsed = parseQueueMessage(JSON.stringify(mutate(sample, steps, text)), stack);
          return parsed.kind !== "refused" || !/[\p{Cc}\u202a-\u202e]/u.test(parsed.message);
        },
      ),
      { numRuns },
    );
  });
});
