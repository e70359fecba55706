import { describe, expect, it } from "vitest";
import { isAsked, stateAt } from "../../../cli/console/page/row-words.ts";
import { permitOffer } from "../../../cli/console/permit-row.ts";
import { readRow } from "../../../cli/console/rows.ts";
import type { EntryBody } from "../../../lib/domain/ledger/entry.ts";
import { day, t0 } from "../../doubles/key-world.ts";
import { permitTrail } from "./trails.ts";

const voter = { via: "slack", userId: "U0BOB" } as const;
const approved: EntryBody = { kind: "permit-approved", voter, person: "bob", reason: "CHG-1" };
const issued: EntryBody = {
  ...({ kind: "change-permit-issued", group: "custodians", approvedBy: ["bob", "carol"], proof: ["slack"] } as const),
  until: t0 + day,
};
const revoked = (refused: boolean): EntryBody => ({ kind: "change-permit-revoked", by: "carol", voter, refused });

describe("a permit for a change, as a row of the console", () => {
  it("is a question while people are asked, with how it stands", () => {
    expect(readRow(permitTrail(t0 + day, approved)).row).toMatchObject({
      ...{ kind: "permit", title: "permit: alias alias/prod/pin", operation: "alias", state: "people-are-asked" },
      ...{ open: true, requesterName: "alice", rule: "aliases-are-asked" },
      question: { until: t0 + day, from: "custodians", quorum: 2, approvedBy: ["bob"] },
    });
  });

  it.each<[string, readonly EntryBody[], string]>([
    ["issued", [approved, issued], "permit-issued"],
    ["used", [approved, issued, { kind: "change-permit-used", eventId: "e-2", hour: 495_001 }], "permit-used"],
    ["refused", [revoked(true)], "permit-refused"],
    ["revoked", [approved, issued, revoked(false)], "permit-revoked"],
  ])("is no question once it is %s", (_, entries, state) => {
    const { row } = readRow(permitTrail(t0 + day, ...entries));
    expect(row).toMatchObject({ state, open: false });
    expect(row?.question).toBeUndefined();
    expect(permitOffer(permitTrail(t0 + day, ...entries))).toEqual([]);
  });

  it("that nobody approved in time is asked no more, by the clock alone", () => {
    const { row } = readRow(permitTrail(t0 + day));
    if (row === undefined) throw new TypeError("a permit is a row");
    expect([isAsked(row, t0 + day - 1), stateAt(row, t0 + day - 1)]).toEqual([true, "people-are-asked"]);
    expect([isAsked(row, t0 + day), stateAt(row, t0 + day)]).toEqual([false, "not-decided"]);
  });

  it("whose chain does not hold is damaged, and offers nothing", () => {
    const cut = { ...permitTrail(t0 + day), head: "0".repeat(64) };
    expect(readRow(cut).row).toMatchObject({ kind: "permit", state: "damaged", open: true });
    expect(permitOffer(cut)).toEqual([]);
  });

  it("tells an approver that one approval of two allows nothing", () => {
    const [question, standing] = permitOffer(permitTrail(t0 + day));
    expect(question).toContain("Approve one change of alias/prod/pin (alias)");
    expect(standing).toBe("0 of 2 approvals so far. Yours alone allows nothing: 2 more are needed.");
    expect(permitOffer(permitTrail(t0 + day, approved))[1]).toBe("1 of 2 approvals so far. Yours completes them.");
  });
});
