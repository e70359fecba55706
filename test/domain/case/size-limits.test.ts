import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maxCaseBytes, maxOfKind, maxRepeatedBytes, protectiveReserve } from "../../../lib/domain/case/size-limits.ts";
import { append, type Chain } from "../../../lib/domain/ledger/chain.ts";
import type { EntryBody } from "../../../lib/domain/ledger/entry.ts";
import { chainBefore } from "../../doubles/chain-names.ts";
import { hostileBodies, protecting, refusedVote } from "../../doubles/hostile.ts";
import { caseItem, chainItem, itemBytes } from "../../doubles/item-size.ts";
import { t0 } from "../../doubles/key-world.ts";
import { asChange, filled, floodedCase, following, inCases, many, openedCase } from "../../doubles/largest-case.ts";

const bytesOf = (chain: Chain) => itemBytes(caseItem(asChange(chain)));

describe("the room of a case", () => {
  it("is never left, whatever entries come in whatever order", () => {
    const bodies = [
      ...inCases.map((kind) => hostileBodies[kind]),
      refusedVote,
      ...protecting.map((body) => () => body),
    ];
    const body = fc.tuple(fc.constantFrom(...bodies), fc.nat(9_999)).map(([make, n]) => make(n));
    const runs = fc.array(fc.tuple(body, fc.integer({ min: 1, max: 40 })), { maxLength: 60 });
    fc.assert(
      fc.property(runs, (floods) => {
        const each = floods.flatMap(([entry, times]) => Array.from({ length: times }, () => entry));
        expect(bytesOf(filled(openedCase, each))).toBeLessThanOrEqual(maxCaseBytes);
      }),
      { numRuns: 30 },
    );
  });

  it("holds all that can follow, at its largest, after a flood of all that others can cause", () => {
    const flood = floodedCase();
    const chain = filled(flood, following);
    expect(chain.entries.length - flood.entries.length).toBe(following.length);
    expect(bytesOf(flood)).toBeGreaterThan(maxRepeatedBytes - 10_000);
    expect(bytesOf(chain)).toBeLessThanOrEqual(maxCaseBytes);
  });

  it("keeps votes that do not count from taking the place of those that do", () => {
    const flood = filled(
      openedCase,
      Array.from({ length: 100 }, (_, n) => refusedVote(n)),
    );
    const asked = filled(flood, [...many("decided", 2), ...many("approval-requested", 1), ...many("vote-cast", 15)]);
    expect(asked.entries.length - flood.entries.length).toBe(18);
  });

  it("is not taken up by Keeps of a key that is kept already", () => {
    const kept = filled(openedCase, [...protecting, ...many("approval-refused", 1)]);
    const [keep] = protecting;
    const pressed = filled(
      kept,
      Array.from({ length: 300 }, () => keep).flatMap((body) => body ?? []),
    );
    expect(pressed.entries.length - kept.entries.length).toBeGreaterThan(20);
    expect(bytesOf(pressed)).toBeLessThan(maxRepeatedBytes);
  });

  it.each(inCases)("holds a bounded number of `%s`", (kind) => {
    const chain = filled(openedCase, many(kind, 150));
    expect(chain.entries.filter((entry) => entry.kind === kind).length).toBeLessThanOrEqual(
      maxOfKind[kind] + protectiveReserve,
    );
  });
});

describe("the chain of a permit or a pause", () => {
  const chained = (bodies: readonly EntryBody[]) =>
    bodies.reduce((chain, body) => append(chain, body, t0), chainBefore(bodies[0]));

  it("stays small with fifty approvals and the longest reasons", () => {
    const permit = chained([
      ...many("permit-requested", 1),
      ...many("permit-approved", 50),
      ...(["permit-issued", "permit-used", "permit-revoked"] as const).flatMap((kind) => many(kind, 1)),
    ]);
    expect(itemBytes(chainItem(permit))).toBeLessThan(maxCaseBytes);
    const pause = chained(
      (["pause-requested", "pause-granted", "pause-ended"] as const).flatMap((kind) => many(kind, 1)),
    );
    expect(itemBytes(chainItem(pause))).toBeLessThan(20_000);
  });
});
