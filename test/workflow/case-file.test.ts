import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { caseOf } from "../../lib/domain/case/fold.ts";
import { maxOfKind } from "../../lib/domain/case/size-limits.ts";
import type { EntryBody } from "../../lib/domain/ledger/entry.ts";
import { CaseFile } from "../../lib/workflows/guard/case-file.ts";
import { detection } from "../doubles/case-builder.ts";
import { entryExamples } from "../doubles/entry-examples.ts";
import { t0 } from "../doubles/key-world.ts";

const bodies = Object.values(entryExamples).filter(({ kind }) => maxOfKind[kind] > 0) as readonly EntryBody[];
const opened = () => CaseFile.open(detection(), t0, "run");

describe("the state of a case file", () => {
  it("is that of its chain, whatever is added in whatever order, and after it was stored", () => {
    const batches = fc.array(fc.array(fc.constantFrom(...bodies), { maxLength: 4 }), { maxLength: 12 });
    fc.assert(
      fc.property(batches, (added) => {
        const file = opened();
        for (const [n, batch] of added.entries()) {
          file.addAll(batch, t0 + n);
          expect(file.state).toEqual(caseOf(file.chain));
        }
        expect(CaseFile.resume({ chain: file.chain, failures: 0, published: 0 }, "next").state).toEqual(file.state);
      }),
    );
  });

  it("is folded once for each entry, and not for each look at it", () => {
    const file = opened();
    const before = file.state;
    expect(file.state).toBe(before);
    file.add({ kind: "restore-intended", late: false }, t0 + 1);
    expect(file.state.restore).toBe("intended");
    expect(file.state.requests).toBe(before.requests);
  });

  it("stays as it is where not all of what is added has room", () => {
    const file = opened();
    const before = file.state;
    const reminders = Array.from({ length: 40 }, (): EntryBody => ({ kind: "approval-reminded", percent: 50 }));
    expect(file.addAll([{ kind: "restore-intended", late: false }, ...reminders], t0 + 1)).toBe(false);
    expect(file.state).toBe(before);
    expect(file.added).toHaveLength(1);
  });
});
