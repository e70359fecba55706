import { describe, expect, it } from "vitest";
import { append, genesis } from "../../../lib/domain/ledger/chain.ts";
import type { EntryBody, EntryKind } from "../../../lib/domain/ledger/entry.ts";
import { emptyFrontier } from "../../../lib/domain/log/frontier.ts";
import { maxLineBytes, objectText, readObject } from "../../../lib/domain/log/object.ts";
import { emptyCase } from "../../doubles/chain-names.ts";
import { hostileBodies } from "../../doubles/hostile.ts";
import { t0 } from "../../doubles/key-world.ts";

describe("a line of the log", () => {
  it.each(Object.keys(hostileBodies) as EntryKind[])("has room for the largest entry of the kind %s", (kind) => {
    const body = (hostileBodies[kind] as (n: number) => EntryBody)(Number.MAX_SAFE_INTEGER);
    const [text = ""] = append(emptyCase, body, t0).texts;
    expect(Buffer.byteLength(text)).toBeLessThan(maxLineBytes);
  });

  it("of 60,000 bytes is read, and a longer one is none of an object", () => {
    const read = (line: string) =>
      readObject(Buffer.from(objectText({ number: 1, prev: genesis, before: emptyFrontier, lines: [line] })));
    expect(read("x".repeat(60_000))?.lines).toHaveLength(1);
    expect(read("x".repeat(60_001))).toBeUndefined();
    expect(read("é".repeat(30_001))).toBeUndefined();
  });
});
