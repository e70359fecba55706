import { describe, expect, it } from "vitest";
import { confirmed, explained, type Finding, type RecordOfCall } from "../../../lib/domain/case/finding.ts";
import type { DeletionRequest } from "../../../lib/domain/deletion/request.ts";
import type { EntryBody } from "../../../lib/domain/ledger/entry.ts";
import { caseAt, caseWith, detection, toAllow, toAsk, toRestore } from "../../doubles/case-builder.ts";
import { day, deletionRequest, reaper, t0 } from "../../doubles/key-world.ts";

const minute = 60_000;
const pendingAt = t0 + 3 * day;
const margin = pendingAt - day;
const record = deletionRequest();
const otherId = "11111111-1111-4111-8111-111111111111";
const thirdId = "22222222-2222-4222-8222-222222222222";
const none = new Set<string>();
const by = (ids: ReadonlySet<string>) => (call: DeletionRequest) => ids.has(call.eventId);
const allowedByRule: EntryBody = { kind: "deletion-allowed", by: "rule" };
const requesterConfirmed: EntryBody = { kind: "requester-confirmed", eventId: record.eventId };

/** What the history has; where it was read to its end, it answers that no other call bears the eventID of the record. */
const finding = (calls: readonly DeletionRequest[], complete: boolean, record?: RecordOfCall): Finding => ({
  calls,
  read: complete ? "whole" : "cut",
  record: record ?? (complete ? "none" : "unread"),
});

const missed = { do: "record", body: { kind: "event-missed" } };
const wait = { do: "wait" };
const overdue = { do: "wait", isOverdue: true };
const attach = (request: DeletionRequest) => ({ do: "attach-request", request });
const isConfirmed = { do: "record", body: requesterConfirmed };
const refused = (why: string) => ({ do: "record", body: { kind: "requester-unconfirmed", why } });

describe("an explanation", () => {
  const { request: _request, ...withoutRecord } = detection({ source: "sweep" });
  const unexplained = caseWith(withoutRecord, toRestore);
  const tie = deletionRequest({ eventId: otherId });
  it.each([
    ["is the call that can have led to this deletion", [record], false, none, attach(record)],
    ["is no call of another time", [deletionRequest({ at: t0 - 30 * day })], true, none, missed],
    ["is no call that a case knows already", [record], true, new Set([record.eventId]), missed],
    ["is the call of the same second that no case knows", [record, tie], true, new Set([record.eventId]), attach(tie)],
    [
      "is no call that another one followed",
      [record, deletionRequest({ eventId: otherId, at: t0 + 1000 })],
      true,
      new Set([otherId]),
      missed,
    ],
    ["is missing when the whole history has none", [], true, none, missed],
    ["is waited for while the history was not read to its end", [], false, none, wait],
  ] as const)("%s", (_, calls, complete, known, expected) => {
    expect(explained(unexplained, finding(calls, complete), by(known), t0 + day - 1)).toEqual(expected);
  });

  it("is given up a day after the case was opened, though the history was not read to its end", () => {
    expect(explained(unexplained, finding([], false), by(none), t0 + day)).toEqual(missed);
    expect(explained(unexplained, finding([record], false), by(none), t0 + day)).toEqual(attach(record));
  });

  it("is given up once: an allowed deletion is said again to have no record only by a history that was read", () => {
    const missing = caseWith(withoutRecord, { kind: "event-missed" }, toAllow, allowedByRule);
    expect(explained(missing, finding([], false), by(none), margin - 1)).toEqual(wait);
    expect(explained(missing, finding([], false), by(none), margin)).toEqual(overdue);
    expect(explained(missing, finding([], true), by(none), margin)).toEqual(missed);
  });
});

describe("a confirmation of an allowed deletion", () => {
  const state = caseWith(detection(), toAllow, allowedByRule);
  const later = deletionRequest({ eventId: otherId, at: t0 + minute });
  const earlier = deletionRequest({ eventId: otherId, at: t0 - minute });
  const sameSecond = deletionRequest({ eventId: otherId });
  // The case says `deletion-allowed` two seconds after it was opened.
  const hour = t0 + 2000 + 60 * minute;
  const known = new Set([record.eventId]);
  const knowsAll = new Set([record.eventId, otherId]);
  it.each<[string, readonly DeletionRequest[], boolean, ReadonlySet<string>, number, object]>([
    ["is the same record", [record], true, known, t0, isConfirmed],
    ["is waited for while what came after the record is not read", [record], false, known, hour - 1, wait],
    ["is the same record among earlier calls", [earlier, record], true, knowsAll, t0, isConfirmed],
    [
      "is the same record, replayed or corrected",
      [{ ...record, replayName: "x", corrected: true }],
      true,
      known,
      t0,
      isConfirmed,
    ],
    ["gives way to a later call", [record, later], true, known, t0, attach(later)],
    ["gives way to another call of the same second", [sameSecond, record], true, known, t0, attach(sameSecond)],
    [
      "gives way to the latest of several later calls",
      [later, deletionRequest({ eventId: thirdId, at: t0 + 2 * minute }), record],
      true,
      known,
      t0,
      attach(deletionRequest({ eventId: thirdId, at: t0 + 2 * minute })),
    ],
    ["is waited for when only an earlier call is known", [earlier], true, known, hour - 1, wait],
    ["is waited for, for an hour", [], true, known, hour - 1, wait],
    ["is refused after an hour without any call", [], true, known, hour, refused("no-record")],
    ["is refused after an hour with an earlier call only", [earlier], true, known, hour, refused("no-record")],
    ["is waited for when a later call is known to a case", [later, record], true, knowsAll, hour - 1, wait],
    [
      "is refused after an hour when a later call is known",
      [later, record],
      true,
      knowsAll,
      hour,
      refused("no-record"),
    ],
    [
      "is refused after an hour when a call of the same second is known",
      [sameSecond, record],
      true,
      knowsAll,
      hour,
      refused("no-record"),
    ],
    ["is overdue after an hour while the history is not read", [], false, known, hour, overdue],
    ["is overdue after an hour while what came after the record is not read", [record], false, known, hour, overdue],
    ["is refused at once a day before the end", [], true, known, margin, refused("no-record")],
    ["is left to the plan a day before the end without a history", [], false, known, margin, overdue],
  ])("%s", (_, calls, complete, knownIds, at, expected) => {
    expect(confirmed(state, finding(calls, complete), by(knownIds), at)).toEqual(expected);
  });

  it.each<[string, Partial<DeletionRequest>]>([
    ["requester", { requester: reaper }],
    ["time", { at: t0 + 1000 }],
    ["address", { sourceIp: "198.51.100.1" }],
    ["user agent", { userAgent: "curl/8" }],
    ["request id", { requestId: "another" }],
    ["waiting period", { requestedDays: 4 }],
    ["word on whether the key was enabled", { enabledInResponse: false }],
  ])("is refused when the record under the same eventID has another %s", (_, difference) => {
    expect(confirmed(state, finding([record, { ...record, ...difference }], true), by(known), t0)).toEqual(
      refused("record-differs"),
    );
  });

  it.each<[string, RecordOfCall, Finding["read"], number, object]>([
    ["is the very record that its eventID answers", record, "whole", t0, isConfirmed],
    ["is that record, where all later calls would be on file", record, "forward", t0, isConfirmed],
    ["is not that record while later calls may be missing", record, "cut", hour, overdue],
    [
      "is refused at once when its eventID answers another story",
      { ...record, requester: reaper },
      "cut",
      t0,
      refused("record-differs"),
    ],
    ["is refused at once when its eventID belongs to another call", "other-call", "cut", t0, refused("record-differs")],
    ["is waited for, for an hour, when its eventID answers nothing", "none", "cut", hour - 1, wait],
    [
      "is refused after an hour when its eventID answers nothing, whatever else is unread",
      "none",
      "cut",
      hour,
      refused("no-record"),
    ],
    ["is overdue after an hour when CloudTrail does not answer", "unread", "whole", hour, overdue],
  ])("%s", (_, answer, read, at, expected) => {
    expect(confirmed(state, { calls: [], read, record: answer }, by(known), at)).toEqual(expected);
  });

  it("by what was read forward is refused where a later record on file is of no known deletion", () => {
    const astray = deletionRequest({ eventId: otherId, at: t0 + minute });
    const doubted = caseWith(
      detection(),
      toAllow,
      allowedByRule,
      detection({ source: "unattributed-event", request: astray }),
    );
    const read = (how: Finding["read"]) =>
      confirmed(doubted, { calls: [record], read: how, record: "unread" }, by(knowsAll), hour);
    expect(read("forward")).toEqual(refused("no-record"));
    expect(read("whole")).toEqual(isConfirmed);
  });

  it("is the same record although the case holds its long texts cut", () => {
    const long = { ...record, userAgent: "x".repeat(3_000) };
    const cut = caseWith(detection({ request: long }), toAllow, allowedByRule);
    expect(cut.requests[0]?.userAgent).not.toBe(long.userAgent);
    expect(confirmed(cut, finding([long], true), by(known), t0)).toEqual(isConfirmed);
  });

  it("is refused when the record cannot have led to this deletion", () => {
    const elsewhere = caseWith(detection({ deletePendingAt: t0 + 30 * day }), toAllow, allowedByRule);
    expect(confirmed(elsewhere, finding([record], true), by(known), hour)).toEqual(refused("no-record"));
  });

  it("covers two calls of one second that were both decided on", () => {
    const both = caseWith(detection(), toAllow, detection({ request: sameSecond }), toAllow, allowedByRule);
    const eventId = sameSecond.eventId;
    expect(confirmed(both, finding([record, sameSecond], true), by(knowsAll), t0)).toEqual({
      do: "record",
      body: { kind: "requester-confirmed", eventId },
    });
  });

  it("follows from nothing where there is no record to confirm", () => {
    const { request: _request, ...withoutRecord } = detection({ source: "sweep" });
    const unknown = caseWith(withoutRecord, toAllow, allowedByRule);
    expect(confirmed(unknown, finding([], true), by(none), hour)).toEqual(wait);
  });
});

describe("a confirmation while people are asked", () => {
  const asked: EntryBody = { kind: "approval-requested", from: "custodians", quorum: 2, deadline: t0 + 2 * day };
  const state = caseWith(detection(), toAsk, asked);
  const late = t0 + 2 * day;
  const known = new Set([record.eventId]);
  it.each([
    ["is the same record", [record], isConfirmed],
    [
      "gives way to a call that no case knows",
      [deletionRequest({ eventId: otherId })],
      attach(deletionRequest({ eventId: otherId })),
    ],
    ["is refused for another story", [{ ...record, requester: reaper }], refused("record-differs")],
    ["is waited for as long as they take", [], wait],
  ])("%s", (_, calls, expected) => {
    expect(confirmed(state, finding(calls, true), by(known), late)).toEqual(expected);
  });
});

describe("a confirmation from before the safety margin", () => {
  const allowedAt = (deletePendingAt: number) =>
    caseAt([t0, detection({ deletePendingAt })], [t0, toAllow], [t0, allowedByRule], [t0 + minute, requesterConfirmed]);
  const state = allowedAt(pendingAt);
  const known = new Set([record.eventId]);
  const later = deletionRequest({ eventId: otherId, at: t0 + minute });
  it.each<[string, readonly DeletionRequest[], boolean, number, object]>([
    ["is renewed by the same record", [record], true, margin, isConfirmed],
    ["gives way to a later call", [record, later], true, margin, attach(later)],
    ["is refused for another story", [{ ...record, requester: reaper }], true, margin, refused("record-differs")],
    ["is refused when the record is gone", [], true, margin, refused("no-record")],
    ["waits for a history that cannot be read", [], false, margin, overdue],
    ["waits for it until an hour before the end", [], false, pendingAt - 60 * minute - 1, overdue],
    ["is refused then", [], false, pendingAt - 60 * minute, refused("history-unreadable")],
  ])("%s", (_, calls, complete, at, expected) => {
    expect(confirmed(state, finding(calls, complete), by(known), at)).toEqual(expected);
  });

  const requestedDays = 180;
  const old = deletionRequest({ requestedDays });
  const long = caseAt(
    [t0, detection({ deletePendingAt: t0 + 180 * day, request: old })],
    [t0, toAllow],
    [t0, allowedByRule],
    [t0 + minute, requesterConfirmed],
  );
  it.each<[string, readonly DeletionRequest[], ReadonlySet<string>, object]>([
    ["is renewed without its record", [], known, isConfirmed],
    ["gives way to a later call", [later], known, attach(later)],
    ["is refused when a later call is known", [later], new Set([record.eventId, otherId]), refused("no-record")],
  ])("that is older than CloudTrail's memory %s", (_, calls, knownIds, expected) => {
    expect(confirmed(long, finding(calls, true), by(knownIds), t0 + 179 * day)).toEqual(expected);
  });

  it("that was never given is not made up for by age", () => {
    const never = caseWith(detection({ deletePendingAt: t0 + 180 * day, request: old }), toAllow, allowedByRule);
    expect(confirmed(never, finding([], true), by(known), t0 + 179 * day)).toEqual(refused("no-record"));
  });

  it.each([
    ["88 days", 88 * day, refused("no-record")],
    ["89 days", 89 * day, isConfirmed],
  ])("CloudTrail remembers a call of %s", (_, age, expected) => {
    const request = deletionRequest({ requestedDays: 89 });
    const pending = caseAt(
      [t0, detection({ deletePendingAt: t0 + 89 * day, request })],
      [t0, toAllow],
      [t0, allowedByRule],
      [t0 + minute, requesterConfirmed],
    );
    expect(confirmed(pending, finding([], true), by(known), t0 + age)).toEqual(expected);
  });
});
