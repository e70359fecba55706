import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseQueueMessage } from "../../lib/aws/cloudtrail/event.ts";
import { canonicalJson } from "../../lib/domain/ledger/canonical-json.ts";
import { principalOf } from "../../lib/domain/people/requester.ts";
import { hostileCharacters } from "../doubles/hostile.ts";

const stack = { account: "111122223333", region: "us-east-1" };
const folder = new URL("../../events/", import.meta.url);
const samples = readdirSync(folder)
  .filter((file) => file.endsWith(".json"))
  .map((file) => JSON.parse(readFileSync(new URL(file, folder), "utf8")) as object);
const kinds = ["deletion", "attempt", "service-event", "refused"];
const numRuns = process.env["REPRIEVE_DEEP"] ? 100_000 : process.env["REPRIEVE_FEW_RUNS"] ? 500 : 2_000;

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

describe("what a record leaves on record", () => {
  const [sample] = samples.filter((each) => kindsOf(each) === "deletion");
  /** Every text of `value` that may be anything, turned into what takes most bytes. */
  const blownUp = (value: Json, character: string, length: number): Json => {
    if (typeof value !== "object" || value === null) return value;
    const grown = Object.entries(value).map(([name, field]) => {
      const free = [
        "userAgent",
        "sourceIPAddress",
        "requestID",
        "errorCode",
        "sourceIdentity",
        "principalId",
        "replay-name",
      ];
      if (free.includes(name)) return [name, character.repeat(length)];
      if (name === "arn" && typeof field === "string") return [name, field + character.repeat(length)];
      return [name, blownUp(field, character, length)];
    });
    return Object.fromEntries(grown);
  };

  it.each(hostileCharacters)("is at most 4 KB, no matter who chose its texts (%j)", (character) => {
    for (const length of [1, 64, 500, 600, 2_000, 100_000]) {
      const message = blownUp(sample, character, length) as { detail: object };
      const { errorCode: _none, ...detail } = message.detail as { errorCode?: string };
      const parsed = parseQueueMessage(JSON.stringify({ ...message, detail }), stack);
      const failed = parseQueueMessage(
        JSON.stringify({ ...message, detail: { ...detail, errorCode: character } }),
        stack,
      );
      if (parsed.kind !== "deletion" || failed.kind !== "attempt") throw new Error(`${parsed.kind}, ${failed.kind}`);
      expect(Buffer.byteLength(canonicalJson(parsed.request))).toBeLessThan(4_096);
      expect(Buffer.byteLength(canonicalJson(failed.attempt))).toBeLessThan(4_096);
      // DynamoDB's bound on a partition key is 2,048 bytes.
      expect(Buffer.byteLength(`deletions#${principalOf(parsed.request.requester)}`)).toBeLessThan(2_048);
    }
  });

  it("names nobody where the requester is longer than AWS makes names", () => {
    const message = blownUp(sample, "x", 1_600);
    expect(parseQueueMessage(JSON.stringify(message), stack)).toMatchObject({
      kind: "deletion",
      request: { requester: { kind: "unknown" } },
    });
  });
});

function kindsOf(message: object): string {
  return parseQueueMessage(JSON.stringify(message), stack).kind;
}
