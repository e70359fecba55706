import { expect, it } from "vitest";
import { ApproverRows } from "../../../cli/report/rows/approver-row.ts";
import { append } from "../../../lib/domain/ledger/chain.ts";
import { detection, toAsk } from "../../doubles/case-builder.ts";
import { chainBefore } from "../../doubles/chain-names.ts";
import { t0 } from "../../doubles/key-world.ts";

it("the groups that were asked are counted within the period alone", () => {
  const first = detection();
  const asked = append(chainBefore(first), first, t0);
  const chain = append(asked, toAsk, t0 + 1_000);
  const rowsOf = (from: number, to: number) => {
    const rows = new ApproverRows();
    rows.take(chain, { from, to });
    return rows.rows().map((row) => row.asked);
  };
  expect(rowsOf(t0 + 1_000, t0 + 2_000)).toEqual([1]);
  expect(rowsOf(t0, t0 + 1_000)).toEqual([]);
  expect(rowsOf(t0 + 1_001, t0 + 2_000)).toEqual([]);
});
