import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { LogWorld } from "../doubles/log-world.ts";
import { loggedHours } from "../doubles/logged-cases.ts";
import { type Copy, copyOf, readCopy } from "../doubles/read-world.ts";

const deep = process.env["REPRIEVE_DEEP"] !== undefined;
const hours = 9;

/** One thing done to a copy of a log; `at` picks a file, `where` a place in it (parts of a whole). */
interface Damage {
  readonly kind: "flip" | "cut" | "insert" | "remove" | "swap" | "copy" | "drop-line" | "double-line" | "swap-lines";
  readonly at: number;
  readonly where: number;
}

const part = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const damage: fc.Arbitrary<Damage> = fc.record({
  kind: fc.constantFrom(
    ...(["flip", "cut", "insert", "remove", "swap", "copy", "drop-line", "double-line", "swap-lines"] as const),
  ),
  at: part,
  where: part,
});

const pick = (length: number, share: number) => Math.floor(length * share);

function damaged(copy: Copy, { kind, at, where }: Damage): Copy {
  const n = pick(copy.length, at);
  const file = copy[n];
  if (file === undefined) return copy;
  const bytes = Buffer.from(file.bytes);
  const place = pick(bytes.length, where);
  const withBytes = (changed: Uint8Array) => copy.with(n, { ...file, bytes: changed });
  const withLines = (change: (lines: string[], line: number) => string[]) => {
    const lines = bytes.toString("utf8").split("\n").slice(0, -1);
    return withBytes(
      Buffer.from(
        change(lines, pick(lines.length, where))
          .map((line) => `${line}\n`)
          .join(""),
      ),
    );
  };
  switch (kind) {
    case "flip":
      bytes[place] = (bytes[place] ?? 0) ^ (1 << pick(8, (at * 7919) % 1));
      return withBytes(bytes);
    case "cut":
      return withBytes(bytes.subarray(0, place));
    case "insert":
      return withBytes(
        Buffer.concat([bytes.subarray(0, place), Buffer.of(pick(256, (at * 7919) % 1)), bytes.subarray(place)]),
      );
    case "remove":
      return copy.toSpliced(n, 1);
    case "swap": {
      const other = copy[pick(copy.length, where)];
      return other === undefined ? copy : withBytes(other.bytes);
    }
    case "copy":
      return copy.map((each) =>
        each.name === file.name ? { ...each, bytes: copy[pick(copy.length, where)]?.bytes ?? bytes } : each,
      );
    case "drop-line":
      return withLines((lines, line) => lines.toSpliced(line, 1));
    case "double-line":
      // A note may bear any number of signatures, and one of them twice.
      if (file.name.endsWith(".checkpoint")) return copy;
      return withLines((lines, line) => lines.toSpliced(line, 0, lines[line] ?? ""));
    case "swap-lines":
      return withLines((lines, line) => lines.toSpliced(line, 2, ...[lines[line + 1] ?? "", lines[line] ?? ""]));
  }
}

const isSame = (one: Copy, other: Copy) =>
  one.length === other.length &&
  one.every(({ bytes }, n) => Buffer.from(bytes).equals(other[n]?.bytes ?? Buffer.alloc(0)));

describe("a copy of a log", () => {
  let world: LogWorld;
  let copy: Copy;
  beforeAll(async () => {
    world = await loggedHours(hours);
    copy = await copyOf(world);
  });

  it("that is damaged in any way is never called whole", async () => {
    expect((await readCopy(world, copy)).verdict).toBe("whole");
    const seen = { damages: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 3 }), async (damages) => {
        const changed = damages.reduce(damaged, copy);
        if (isSame(copy, changed)) return;
        seen.damages += 1;
        const { verdict, found, findings } = await readCopy(world, changed);
        expect(verdict).not.toBe("whole");
        expect(found).toBeGreaterThan(0);
        expect(findings.length).toBeGreaterThan(0);
      }),
      { numRuns: deep ? 13_000 : 300 },
    );
    expect(seen.damages).toBeGreaterThan(deep ? 10_000 : 200);
  }, 900_000);
});
