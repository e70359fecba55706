import { describe, expect, it } from "vitest";
import { awaitsConfirmation, confirmed, explained, followUp } from "../../lib/domain/confirmation.ts";
import type { EntryBody } from "../../lib/domain/entry.ts";
import { caseWith, detection, toAllow, toAsk, toRestore } from "../doubles/case-builder.ts";
import { day, deletionRequest, reaper, t0 } from "../doubles/key-world.ts";

const minute = 60_000;
const pendingAt = t0 + 3 * day;
const { request: _request, ...withoutRecord } = detection({ source: "sweep" });
const allowedBy = (by: "rule" | "permit" | "approval"): EntryBody => ({ kind: "deletion-allowed", by });
const used: EntryBody = { kind: "permit-used", permit: 1, case: detection().case, eventId: "e" };
const allowed = caseWith(detection(), toAllow, allowedBy("rule"));
const unexplained = caseWith(withoutRecord, toRestore);
const otherId = "11111111-1111-4111-8111-111111111111";

describe("what awaits CloudTrail's confirmation", () => {
  it.each([
    ["a deletion that a rule allows", [toAllow, allowedBy("rule")], true],
    ["a deletion by permit", [toAsk, used, allowedBy("permit")], true],
    ["nothing that people approved of the pending key itself", [toAsk, allowedBy("approval")], false],
    ["nothing that is not allowed yet", [toAllow], false],
    ["nothing that is confirmed", [toAllow, allowedBy("rule"), { kind: "requester-confirmed", eventId: "e" }], false],
    [
      "nothing that was refused",
      [toAllow, allowedBy("rule"), { kind: "requester-unconfirmed", why: "no-record" }],
      false,
    ],
    ["nothing that is over", [toAllow, allowedBy("rule"), { kind: "key-destroyed", how: "not-found" }], false],
  ] as const satisfies readonly (readonly [string, readonly EntryBody[], boolean])[])("%s", (_, bodies, expected) => {
    expect(awaitsConfirmation(caseWith(detection(), ...bodies))).toBe(expected);
  });

  it("a newer deletion within the same case anew", () => {
    const again = detection({ request: deletionRequest({ eventId: otherId }) });
    const bodies: EntryBody[] = [toAllow, allowedBy("rule"), { kind: "requester-confirmed", eventId: "e" }, again];
    expect(awaitsConfirmation(caseWith(detection(), ...bodies, toAllow, allowedBy("rule")))).toBe(true);
  });
});

describe("what the sweep has to look up", () => {
  it.each([
    ["nothing of a young case without a record", unexplained, t0 + 15 * minute - 1, "nothing"],
    ["who called, after the grace time", unexplained, t0 + 15 * minute, "explain"],
    ["nothing where there was nothing to find", caseWith(withoutRecord, { kind: "event-missed" }), t0 + day, "nothing"],
    ["whether the call took place", allowed, t0, "confirm"],
    ["nothing of a restored key with its record", caseWith(detection(), toRestore), t0 + day, "nothing"],
  ] as const)("%s", (_, of, now, expected) => {
    expect(followUp(of, now)).toBe(expected);
  });

  it("who called, without any grace, when the key may be destroyed within a day", () => {
    const near = caseWith({ ...withoutRecord, deletePendingAt: t0 + day }, toRestore);
    expect(followUp(near, t0)).toBe("explain");
    const over = caseWith({ ...withoutRecord, deletePendingAt: t0 + day }, { kind: "restored-by-others" });
    expect(followUp(over, t0)).toBe("nothing");
  });
});

describe("an explanation", () => {
  const record = deletionRequest();
  const none = new Set<string>();
  it.each([
    [
      "is the call that can have led to this deletion",
      { latest: record, complete: false },
      none,
      { do: "news", request: record },
    ],
    ["is no call of another time", { latest: deletionRequest({ at: t0 - 30 * day }), complete: true }, none, missed()],
    ["is no call that a case knows already", { latest: record, complete: true }, new Set([record.eventId]), missed()],
    ["is missing when the whole history has none", { complete: true }, none, missed()],
    ["is waited for while the history was not read to its end", { complete: false }, none, { do: "wait" }],
  ] as const)("%s", (_, finding, known, expected) => {
    expect(explained(unexplained, finding, known)).toEqual(expected);
  });
});

function missed() {
  return { do: "record", body: { kind: "event-missed" } };
}

describe("a confirmation", () => {
  const of = allowed;
  const record = deletionRequest();
  const later = deletionRequest({ eventId: otherId, at: t0 + minute });
  const refused = (why: string) => ({ do: "record", body: { kind: "requester-unconfirmed", why } });
  // The case says `deletion-allowed` two seconds after it was opened.
  const hour = t0 + 2000 + 60 * minute;
  it.each([
    [
      "is the same call",
      { latest: record, complete: true },
      t0,
      { do: "record", body: { kind: "requester-confirmed", eventId: record.eventId } },
    ],
    [
      "is the same call whatever its replay is called",
      { latest: { ...record, replayName: "x", userAgent: "y" }, complete: true },
      t0,
      { do: "record", body: { kind: "requester-confirmed", eventId: record.eventId } },
    ],
    [
      "is refused for another requester",
      { latest: { ...record, requester: reaper }, complete: true },
      t0,
      refused("record-differs"),
    ],
    [
      "is refused for another time",
      { latest: { ...record, at: t0 + 1000 }, complete: true },
      t0,
      refused("record-differs"),
    ],
    [
      "is refused for another address",
      { latest: { ...record, sourceIp: "198.51.100.1" }, complete: true },
      t0,
      refused("record-differs"),
    ],
    ["gives way to a later call", { latest: later, complete: true }, t0, { do: "news", request: later }],
    [
      "is waited for when only an earlier call is known",
      { latest: { ...later, at: t0 - minute }, complete: true },
      hour - 1,
      { do: "wait" },
    ],
    ["is waited for, for an hour", { complete: true }, hour - 1, { do: "wait" }],
    ["is refused after an hour without any call", { complete: true }, hour, refused("no-record")],
    [
      "is refused after an hour with an earlier call only",
      { latest: { ...later, at: t0 - minute }, complete: true },
      hour,
      refused("no-record"),
    ],
    ["is waited for while the history was not read to its end", { complete: false }, hour, { do: "wait" }],
    ["is refused at once a day before the end", { complete: true }, pendingAt - day, refused("no-record")],
  ] as const)("%s", (_, finding, now, expected) => {
    expect(confirmed(of, finding, now)).toEqual(expected);
  });
});
