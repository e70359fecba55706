import { describe, expect, it } from "vitest";
import { awaitsConfirmation, followUp, mayAwaitHistory } from "../../../lib/domain/case/confirmation.ts";
import type { EntryBody } from "../../../lib/domain/ledger/entry.ts";
import { caseAt, caseWith, detection, toAllow, toAsk, toRestore } from "../../doubles/case-builder.ts";
import { day, deletionRequest, t0 } from "../../doubles/key-world.ts";

const minute = 60_000;
const pendingAt = t0 + 3 * day;
const margin = t0 + 2 * day;
const { request: _request, ...withoutRecord } = detection({ source: "sweep" });
const allowedBy = (by: "rule" | "permit" | "approval"): EntryBody => ({ kind: "deletion-allowed", by });
const used: EntryBody = {
  kind: "permit-used",
  permit: { by: "case", generation: 1 },
  case: detection().case,
  eventId: "e",
};
const allowed = caseWith(detection(), toAllow, allowedBy("rule"));
const unexplained = caseWith(withoutRecord, toRestore);
const confirmedOn = (at: number) =>
  caseAt(
    [t0, detection()],
    [t0, toAllow],
    [t0, allowedBy("rule")],
    [at, { kind: "requester-confirmed", eventId: "e" }],
  );
const asked: EntryBody = { kind: "approval-requested", from: "custodians", quorum: 2, deadline: t0 + day };
const otherId = "11111111-1111-4111-8111-111111111111";

describe("what awaits CloudTrail's confirmation", () => {
  it.each([
    ["a deletion that a rule allows", [toAllow, allowedBy("rule")], true],
    ["a deletion by permit", [toAsk, used, allowedBy("permit")], true],
    ["a deletion that people approved", [toAsk, allowedBy("approval")], true],
    ["nothing that is not allowed yet", [toAllow], false],
    ["nothing that is confirmed", [toAllow, allowedBy("rule"), { kind: "requester-confirmed", eventId: "e" }], false],
    [
      "nothing that was refused",
      [toAllow, allowedBy("rule"), { kind: "requester-unconfirmed", why: "no-record" }],
      false,
    ],
    ["nothing that is over", [toAllow, allowedBy("rule"), { kind: "key-destroyed", how: "not-found" }], false],
  ] as const satisfies readonly (readonly [string, readonly EntryBody[], boolean])[])("%s", (_, bodies, expected) => {
    expect(awaitsConfirmation(caseWith(detection(), ...bodies), t0)).toBe(expected);
  });

  it("a newer deletion within the same case again", () => {
    const again = detection({ request: deletionRequest({ eventId: otherId }) });
    const bodies: EntryBody[] = [toAllow, allowedBy("rule"), { kind: "requester-confirmed", eventId: "e" }, again];
    expect(awaitsConfirmation(caseWith(detection(), ...bodies, toAllow, allowedBy("rule")), t0)).toBe(true);
  });

  it("nothing that has no record to confirm", () => {
    expect(awaitsConfirmation(caseWith(withoutRecord, toAllow, allowedBy("rule")), t0)).toBe(false);
  });

  it.each([
    ["a minute before the margin, and the margin not begun", margin - minute, margin - 1, false],
    ["a minute before the margin", margin - minute, margin, true],
    ["at its very beginning", margin, margin + day - 1, false],
    ["within it", margin + minute, margin + day - 1, false],
  ])("a deletion whose confirmation is from before the safety margin: %s", (_, confirmedAt, at, expected) => {
    expect(awaitsConfirmation(confirmedOn(confirmedAt), at)).toBe(expected);
  });

  it.each([
    ["once confirmed, until an hour before the end", confirmedOn(t0 + minute), pendingAt - 60 * minute - 1, true],
    ["once confirmed, not in the last hour", confirmedOn(t0 + minute), pendingAt - 60 * minute, false],
    ["never confirmed", allowed, t0, false],
    [
      "confirmed before it was deleted again",
      caseWith(detection(), toAllow, allowedBy("rule"), { kind: "requester-confirmed", eventId: "e" }, detection()),
      t0,
      false,
    ],
  ])("may wait for a history that cannot be read: %s", (_, state, at, expected) => {
    expect(mayAwaitHistory(state, at)).toBe(expected);
  });
});

describe("what the sweep has to look up", () => {
  it.each([
    ["nothing of a young case without a record", unexplained, t0 + 15 * minute - 1, "nothing"],
    ["who called, after the grace time", unexplained, t0 + 15 * minute, "explain"],
    ["nothing where there was nothing to find", caseWith(withoutRecord, { kind: "event-missed" }), t0 + day, "nothing"],
    ["whether the call took place", allowed, t0, "confirm"],
    ["whether the call took place that people are asked about", caseWith(detection(), toAsk, asked), t0, "confirm"],
    [
      "nothing that people are asked about once it is confirmed",
      caseWith(detection(), toAsk, asked, { kind: "requester-confirmed", eventId: "e" }),
      t0 + 2 * day,
      "nothing",
    ],
    [
      "nothing that people are asked about while the key lives",
      caseWith(detection(), toAsk, { kind: "restore-intended", late: false }, asked),
      t0,
      "nothing",
    ],
    [
      "nothing that nobody is asked about any more",
      caseWith(detection(), toAsk, asked, { kind: "approval-expired" }),
      t0,
      "nothing",
    ],
    ["whether the call is still the latest, within a day of the end", confirmedOn(t0), margin, "confirm"],
    ["nothing of a restored key with its record", caseWith(detection(), toRestore), t0 + day, "nothing"],
  ] as const)("%s", (_, state, now, expected) => {
    expect(followUp(state, now)).toBe(expected);
  });

  it("who called, without any grace, when the key may be destroyed within a day", () => {
    const near = caseWith({ ...withoutRecord, deletePendingAt: t0 + day }, toRestore);
    expect(followUp(near, t0)).toBe("explain");
    const over = caseWith({ ...withoutRecord, deletePendingAt: t0 + day }, { kind: "restored-by-others" });
    expect(followUp(over, t0)).toBe("nothing");
  });
});
