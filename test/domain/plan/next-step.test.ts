import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { KeyObservation } from "../../../lib/domain/key/payment-key.ts";
import type { EntryBody } from "../../../lib/domain/ledger/entry.ts";
import { maxUsageStarts } from "../../../lib/domain/plan/live-key.ts";
import { nextStep } from "../../../lib/domain/plan/next-step.ts";
import type { Situation } from "../../../lib/domain/plan/situation.ts";
import {
  caseAt,
  caseWith,
  decided,
  detection,
  toAllow,
  toAsk,
  toLeaveDisabled,
  toRestore,
} from "../../doubles/case-builder.ts";
import { directoryOf } from "../../doubles/directory.ts";
import { day, deletionRequest, keyArn, paymentKey, t0 } from "../../doubles/key-world.ts";

const pendingAt = t0 + 3 * day;
const pending: KeyObservation = { kind: "pending", key: paymentKey(), deletePendingAt: pendingAt };
const pendingAnew: KeyObservation = { kind: "pending", key: paymentKey(), deletePendingAt: pendingAt + 1 };
const live: KeyObservation = { kind: "live", key: paymentKey() };
const liveDisabled: KeyObservation = { kind: "live", key: paymentKey({ enabled: false }) };
const destroyed: KeyObservation = { kind: "destroyed", key: paymentKey() };
const hidden: KeyObservation = { kind: "undated", arn: keyArn(), why: "denied" };
const absent: KeyObservation = { kind: "absent" };
const unrecognised: KeyObservation = { kind: "unrecognised", arn: keyArn(), state: "ON_HOLIDAY" };

const now = t0 + 5000;
const request = deletionRequest();
const otherNews = deletionRequest({ eventId: "11111111-1111-4111-8111-111111111111" });
const oldNews = deletionRequest({ eventId: "22222222-2222-4222-8222-222222222222", at: t0 - 30 * day });

const intended: EntryBody = { kind: "restore-intended", late: false };
const intendedLate: EntryBody = { kind: "restore-intended", late: true };
const restoredEntry: EntryBody = { kind: "key-restored", enabled: false, how: "answered" };
const usable: EntryBody = { kind: "key-usable", how: "answered", despiteRule: false };
const failed = (effect: "restore" | "start-usage", attempt: number): EntryBody => ({
  kind: "effect-failed",
  effect,
  code: "ConflictException",
  attempt,
});
const observed = decided(toRestore.effect, { mode: "observe" });

function step(observation: KeyObservation, situation: Partial<Situation> = {}) {
  return nextStep({
    now,
    mode: "enforce",
    policyHash: "0".repeat(64),
    observation,
    trigger: "event",
    asked: false,
    reconsidered: false,
    listed: false,
    directory: directoryOf(),
    lastSeen: "never",
    unrecordedAttempt: false,
    withoutRecord: false,
    ...situation,
  });
}

const done = { do: "done" };
const reEvaluate = { do: "re-evaluate" };
const decide = { do: "decide" };
const record = (body: EntryBody) => ({ do: "record", body });
const open = (source: string) => ({ do: "open", source });
const anHourLater = { do: "wait", until: now + 60 * 60_000 };
const restoreNow = { do: "restore", late: false };
const allowedByRule = { kind: "deletion-allowed", by: "rule" } as const;
const again = detection({ request: otherNews });
const requesterConfirmed = { kind: "requester-confirmed", eventId: "e" } as const;
const unconfirmed = { kind: "requester-unconfirmed", why: "no-record" } as const;
const askedCloudTrail = { trigger: "sweep", asked: true } as const;
const restLater = { do: "wait", until: now + 15 * 60_000 };

const hinting = { ...request, target: { kind: "hint", arn: keyArn() } } as const;

describe("with no open case", () => {
  const closed = caseWith(detection(), toRestore, intended, restoredEntry, usable);
  const closedWithoutRequester = caseWith(detection({ request: undefined, source: "service-event" } as never), {
    kind: "restored-by-others",
  });
  it.each<[string, KeyObservation, Partial<Situation>, object]>([
    ["a pending key and its own event", pending, { newRequest: request }, open("event")],
    ["a pending key and the event of another deletion", pending, { newRequest: oldNews }, open("unattributed-event")],
    ["a pending key and an event known before", pending, { newest: closed }, open("unattributed-event")],
    ["a pending key that a service event named", pending, { trigger: "service-event" }, open("service-event")],
    ["a pending key after a closed case", pending, { newRequest: otherNews, newest: closed }, open("event")],
    ["a live key and nothing new", live, {}, done],
    ["a live key and nothing new after a closed case", live, { newest: closed }, done],
    ["a live key and an event of its own", live, { newRequest: request }, open("event")],
    ["a live key and an event no case knows", live, { newRequest: otherNews, newest: closed }, open("event")],
    [
      "a live key and the event of a closed case that had none",
      live,
      { newRequest: request, newest: closedWithoutRequester },
      record({ kind: "requester-learned", request }),
    ],
    [
      "a live key and an event that a closed case without one cannot have come from",
      live,
      { newRequest: oldNews, newest: closedWithoutRequester },
      open("event"),
    ],
    ["a live key and an event that only hints at it", live, { newRequest: hinting }, open("unattributed-event")],
    ["a pending key and an event that only hints at it", pending, { newRequest: hinting }, open("unattributed-event")],
    ["a key that may not be read and its event", hidden, { newRequest: request }, open("event")],
    [
      "a key that may not be read and an event that only hints at it",
      hidden,
      { newRequest: hinting },
      open("unattributed-event"),
    ],
    ["a pending key that a refused message named", pending, { trigger: "hint" }, open("hint")],
    ["a destroyed key and nothing new", destroyed, {}, done],
    ["a destroyed key and its event", destroyed, { newRequest: request }, open("event")],
    ["a missing key and nothing new", absent, {}, done],
    ["a missing key before it can be gone", absent, { newRequest: request, now: t0 + 3 * day - 1 }, reEvaluate],
    ["a missing key when it can be gone", absent, { newRequest: request, now: t0 + 3 * day }, open("event")],
    ["an unknown state and nothing new", unrecognised, {}, reEvaluate],
    ["an unknown state and an event", unrecognised, { newRequest: request }, open("event")],
  ])("%s", (_, observation, situation, expected) => {
    expect(step(observation, situation)).toEqual(expected);
  });
});

describe("a new request for an open case", () => {
  const { request: _, ...withoutRequest } = detection({ source: "service-event" });
  it.each<[string, Partial<Situation>, object]>([
    [
      "is taken in",
      { newest: caseWith(detection()), newRequest: otherNews },
      { do: "attach-request", source: "event" },
    ],
    [
      "that it cannot have come from is kept apart",
      { newest: caseWith(detection()), newRequest: oldNews },
      { do: "attach-request", source: "unattributed-event" },
    ],
    [
      "tells the requester",
      { newest: caseWith(withoutRequest), newRequest: request },
      record({ kind: "requester-learned", request }),
    ],
    [
      "of another deletion tells no requester",
      { newest: caseWith(withoutRequest), newRequest: oldNews },
      { do: "attach-request", source: "unattributed-event" },
    ],
    [
      "is taken in where no time is known",
      { newest: caseWith(detection({ deletePendingAt: undefined } as never)), newRequest: otherNews },
      { do: "attach-request", source: "event" },
    ],
    [
      "that only hints at the key is kept apart, also where no time is known",
      {
        newest: caseWith(detection({ deletePendingAt: undefined } as never)),
        newRequest: { ...otherNews, target: hinting.target },
      },
      { do: "attach-request", source: "unattributed-event" },
    ],
  ])("%s", (_name, situation, expected) => {
    expect(step(pending, situation)).toEqual(expected);
  });
});

describe("a pending key with an open case", () => {
  it.each<[string, EntryBody[], Partial<Situation>, object]>([
    ["is decided upon", [], {}, decide],
    ["is decided upon in observe mode too", [], { mode: "observe" }, decide],
    ["is decided upon again after a second event", [toAllow, detection({ request: otherNews })], {}, decide],
    ["is restored", [toRestore], {}, { do: "restore", late: false }],
    ["is restored by a run that resumes", [toRestore, intended], {}, { do: "restore", late: false }],
    ["is restored a millisecond before its time", [toRestore], { now: pendingAt - 1 }, { do: "restore", late: false }],
    ["is tried once more when its time has passed", [toRestore], { now: pendingAt }, { do: "restore", late: true }],
    [
      "is tried once more after earlier failures",
      [toRestore, intended, failed("restore", 4)],
      { now: pendingAt },
      { do: "restore", late: true },
    ],
    [
      "is tried again when the late attempt crashed",
      [toRestore, intendedLate],
      { now: pendingAt },
      { do: "restore", late: true },
    ],
    [
      "is tried again when the late attempt failed: the service may be a day late",
      [toRestore, intendedLate, failed("restore", 1)],
      { now: pendingAt },
      { do: "restore", late: true },
    ],
    ["is left alone while the guard observes", [observed], { mode: "observe" }, anHourLater],
    ["is left alone when the guard was paused", [toRestore], { mode: "observe" }, anHourLater],
    ["is decided upon again when observe becomes enforce", [observed], {}, decide],
    ["has its deletion allowed", [toAllow], {}, record({ kind: "deletion-allowed", by: "rule" })],
    [
      "is looked at again soon once allowed, until CloudTrail has confirmed it",
      [toAllow, allowedByRule],
      {},
      restLater,
    ],
    ["is looked at every hour once confirmed", [toAllow, allowedByRule, requesterConfirmed], {}, anHourLater],
    [
      "is looked at when the safety margin begins, not later",
      [toAllow, allowedByRule, requesterConfirmed],
      { now: pendingAt - day - 60_000 },
      { do: "wait", until: pendingAt - day },
    ],
    ["is restored when CloudTrail does not confirm", [toAllow, allowedByRule, unconfirmed], {}, restoreNow],
    ["is not restored twice for it", [toAllow, allowedByRule, unconfirmed, intended], {}, restoreNow],
    [
      "is restored by a sweep that has asked CloudTrail a day before its time, when nothing has confirmed it",
      [toAllow, allowedByRule],
      { now: pendingAt - day, ...askedCloudTrail },
      restoreNow,
    ],
    [
      "is never restored unasked by a sweep, and is looked at by every sweep then",
      [toAllow, allowedByRule],
      { now: pendingAt - 60_000, trigger: "sweep" },
      { do: "wait", until: pendingAt - 60_000 },
    ],
    [
      "is left to the sweep by everybody else then",
      [toAllow, allowedByRule],
      { now: pendingAt - 15 * 60_000 - 1 },
      { do: "wait", until: pendingAt - 15 * 60_000 - 1 },
    ],
    [
      "is restored by everybody in the last 15 minutes",
      [toAllow, allowedByRule],
      { now: pendingAt - 15 * 60_000 },
      restoreNow,
    ],
    [
      "waits for a history that cannot be read until an hour before its time, once it was confirmed",
      [toAllow, allowedByRule, requesterConfirmed],
      { now: pendingAt - 60 * 60_000 - 1, ...askedCloudTrail },
      { do: "wait", until: pendingAt - 60 * 60_000 - 1 },
    ],
    [
      "is restored an hour before its time when its confirmation was not renewed",
      [toAllow, allowedByRule, requesterConfirmed],
      { now: pendingAt - 60 * 60_000, ...askedCloudTrail },
      restoreNow,
    ],
    [
      "is not marked allowed by a guard that observes",
      [decided({ outcome: "allow" }, { mode: "observe" })],
      { mode: "observe" },
      anHourLater,
    ],
    ["has its permits read before people are asked", [toAsk], {}, { do: "read-permits" }],
    ["is restored while people decide", [toAsk], { permits: [] }, { do: "restore", late: false }],
  ])("%s", (_, entries, situation, expected) => {
    expect(step(pending, { newest: caseWith(detection(), ...entries), ...situation })).toEqual(expected);
  });

  it.each<[string, Partial<Situation>, object]>([
    ["is left alone for an hour", { now: pendingAt - day }, { do: "wait", until: pendingAt - day + 60 * 60_000 }],
    ["is looked at when its time has come, not later", { now: pendingAt - 60_000 }, { do: "wait", until: pendingAt }],
    [
      "is looked at again after its time, for as long as the service takes",
      { now: pendingAt },
      { do: "wait", until: pendingAt + 15 * 60_000 },
    ],
  ])("whose confirmation was renewed within a day of its end %s", (_, situation, expected) => {
    const newest = caseAt(
      [t0, detection()],
      [t0, toAllow],
      [t0, allowedByRule],
      [t0 + 60_000, requesterConfirmed],
      [pendingAt - day, requesterConfirmed],
    );
    expect(step(pending, { newest, ...askedCloudTrail, ...situation })).toEqual(expected);
  });

  it.each<[string, EntryBody[], KeyObservation, number]>([
    ["with another time", [toRestore], pendingAnew, pendingAt + 1],
    ["with another time, though an intent is on record", [toRestore, intended], pendingAnew, pendingAt + 1],
    ["again at the same time, after its restore", [toRestore, intended, restoredEntry], pending, pendingAt],
  ])("that is pending %s belongs to the next case", (_, entries, observation, newDeletePendingAt) => {
    const newest = caseWith(detection(), ...entries);
    expect(step(observation, { newest })).toEqual(record({ kind: "deletion-superseded", newDeletePendingAt }));
  });

  it.each<[string, EntryBody[], object]>([
    ["confirmed is left alone", [allowedByRule, requesterConfirmed], { do: "re-evaluate" }],
    ["unconfirmed is restored", [allowedByRule], record({ kind: "requester-unconfirmed", why: "time-unknown" })],
    ["confirmed, until another call came, is decided again", [allowedByRule, requesterConfirmed, again], decide],
  ])("after its time, while GetKey is denied, an allowed deletion that is %s", (_, entries, expected) => {
    const newest = caseWith(detection(), toAllow, ...entries);
    expect(step(hidden, { newest, now: pendingAt })).toEqual(expected);
  });

  it("takes in its time when the case was opened without one", () => {
    const newest = caseWith(detection({ deletePendingAt: undefined } as never));
    expect(step(pending, { newest })).toEqual({ do: "attach-request", source: "unattributed-event" });
  });
});

describe("a pending key that people are asked about", () => {
  const approval = { from: "custodians", quorum: 2, withinMs: day, meanwhile: "pending", permitForMs: day } as const;
  const ask = decided({ outcome: "ask", usage: "resume", approval });
  const asked: EntryBody = { kind: "approval-requested", from: "custodians", quorum: 2, deadline: t0 + 2 * day };
  const newPolicy = { policyHash: "1".repeat(64) };
  const withRecord = [detection(), ask, asked];
  const sure = [...withRecord, requesterConfirmed];
  const missed = [detection({ request: undefined, source: "sweep" } as never), ask, asked];
  const reconsider = { do: "reconsider" };
  it.each<[string, EntryBody[], Partial<Situation>, object]>([
    ["is looked at again soon, until CloudTrail has confirmed who asked for it", withRecord, {}, restLater],
    ["is looked at every hour once confirmed", sure, {}, anHourLater],
    ["has a policy deployed since judge the question", sure, { ...newPolicy, trigger: "sweep" }, reconsider],
    [
      "has it judge the question where no record came",
      [...missed, { kind: "event-missed" }],
      { ...newPolicy, trigger: "sweep" },
      reconsider,
    ],
    ["has it judge once in a run", sure, { ...newPolicy, trigger: "sweep", reconsidered: true }, anHourLater],
    ["has it judge by the sweep alone", sure, newPolicy, anHourLater],
    ["has the same policy judge nothing", sure, { trigger: "sweep" }, anHourLater],
    ["has it judge nothing before CloudTrail confirms", withRecord, { ...newPolicy, trigger: "sweep" }, restLater],
    ["has it judge nothing while a record may come", missed, { ...newPolicy, trigger: "sweep" }, restLater],
    ["is restored when CloudTrail does not confirm", [...withRecord, unconfirmed], {}, restoreNow],
    [
      "has its deletion allowed by the rule that now does",
      [...sure, decided({ outcome: "allow" }, newPolicy)],
      newPolicy,
      record(allowedByRule),
    ],
  ])("%s", (_, [first, ...entries], situation, expected) => {
    if (first === undefined) throw new TypeError("a case begins with an entry");
    expect(step(pending, { newest: caseWith(first, ...entries), ...situation })).toEqual(expected);
  });

  it("is asked about no more once a rule allows its deletion, or CloudTrail does not confirm it", () => {
    for (const last of [decided({ outcome: "allow" }), unconfirmed])
      for (const before of [sure, [...sure, { kind: "approval-granted", by: ["bob"], quorum: 1 } as const]])
        expect(caseWith(...before, last).question).toMatchObject({ state: "withdrawn" });
    expect(caseWith(...sure, { kind: "approval-expired" }, unconfirmed).question).toMatchObject({ state: "expired" });
  });

  it("that is restored unconfirmed ends its case: nobody is given a permit", () => {
    const granted: EntryBody = { kind: "approval-granted", by: ["bob", "carol"], quorum: 2 };
    const back: EntryBody[] = [unconfirmed, intended, restoredEntry, usable];
    expect(caseWith(...withRecord, granted, ...back).end).toBe("key-usable");
  });
});

describe("a live key with an open case", () => {
  const leftDisabled = (why: string) => ({ do: "record", body: { kind: "key-left-disabled", why } });
  const restoredWith = (...entries: EntryBody[]) =>
    caseWith(detection(), toRestore, intended, ...entries, restoredEntry);
  it.each<[string, Partial<Situation>, KeyObservation, object]>([
    [
      "was restored by others, if nothing was intended",
      { newest: caseWith(detection(), toRestore) },
      live,
      record({ kind: "restored-by-others" }),
    ],
    [
      "was restored by others, if its deletion was allowed",
      { newest: caseWith(detection(), toAllow) },
      live,
      record({ kind: "restored-by-others" }),
    ],
    [
      "was restored after an intent that a crash cut off",
      { newest: caseWith(detection(), toRestore, intended) },
      live,
      record({ kind: "key-restored", enabled: true, how: "found", restoredAfterMs: 5000 }),
    ],
    [
      "is usable",
      { newest: restoredWith() },
      live,
      record({ kind: "key-usable", how: "found", timeToUsableMs: 5000, despiteRule: false }),
    ],
    [
      "is usable because StartKeyUsage answered",
      { newest: restoredWith(), startedHere: true },
      live,
      record({ kind: "key-usable", how: "answered", timeToUsableMs: 5000, despiteRule: false }),
    ],
    [
      "is usable against the rule, and that is said",
      { newest: caseWith(detection(), toLeaveDisabled, intended, restoredEntry) },
      live,
      record({ kind: "key-usable", how: "found", timeToUsableMs: 5000, despiteRule: true }),
    ],
    [
      "names no time to usable when the clocks disagree",
      { newest: restoredWith(), now: t0 - 1 },
      live,
      record({ kind: "key-usable", how: "found", despiteRule: false }),
    ],
    [
      "is started on evidence",
      { newest: restoredWith() },
      liveDisabled,
      { do: "start-usage", evidence: "enabled-in-deletion-response" },
    ],
    ["is not started by a guard that was paused", { newest: restoredWith(), mode: "observe" }, liveDisabled, restLater],
    [
      "stays disabled by rule",
      { newest: caseWith(detection(), toLeaveDisabled, intended, restoredEntry) },
      liveDisabled,
      leftDisabled("rule"),
    ],
    [
      "stays disabled when it was stopped before",
      { newest: restoredWith() },
      { kind: "live", key: paymentKey({ enabled: false, usageStoppedAt: t0 - day }) },
      leftDisabled("usage-changed-since"),
    ],
    [
      "is tried seven times",
      { newest: restoredWith(failed("start-usage", maxUsageStarts - 1)) },
      liveDisabled,
      { do: "start-usage", evidence: "enabled-in-deletion-response" },
    ],
    [
      "is given up after eight",
      { newest: restoredWith(failed("start-usage", maxUsageStarts)) },
      liveDisabled,
      leftDisabled("start-failed"),
    ],
  ])("%s", (_, situation, observation, expected) => {
    expect(step(observation, situation)).toEqual(expected);
  });

  it("has the inventory asked before it is started or left disabled, unless a person wants it started", () => {
    const newest = caseWith(detection({ key: paymentKey({ enabled: false }) }), toRestore, intended, restoredEntry);
    const policyHash = "0".repeat(64);
    const unasked = {
      now,
      mode: "enforce",
      policyHash,
      trigger: "event",
      asked: false,
      reconsidered: false,
      listed: false,
    } as const;
    const rest = {
      observation: liveDisabled,
      directory: directoryOf(),
      unrecordedAttempt: false,
      withoutRecord: false,
    };
    expect(nextStep({ ...unasked, ...rest, newest })).toEqual({ do: "read-inventory" });
    const left: EntryBody = { kind: "key-left-disabled", why: "start-failed" };
    const requested: EntryBody = {
      kind: "usage-start-requested",
      voter: { via: "slack", userId: "U0BOB" },
      person: "bob",
    };
    const wanted = caseWith(detection(), toRestore, intended, restoredEntry, left, requested);
    expect(nextStep({ ...unasked, ...rest, newest: wanted })).toMatchObject({ do: "start-usage" });
  });

  it("stays disabled when nothing says that it was enabled", () => {
    const request = deletionRequest({ enabledInResponse: false });
    const newest = caseWith(detection({ request }), toRestore, intended, restoredEntry);
    expect(step(liveDisabled, { newest })).toEqual(leftDisabled("no-evidence-that-it-was-enabled"));
  });

  it("compares its usage with the first sight of it", () => {
    const stopped = paymentKey({ enabled: false, usageStoppedAt: t0 - day });
    const newest = caseWith(detection({ key: stopped }), toRestore, intended, restoredEntry);
    expect(step({ kind: "live", key: stopped }, { newest })).toEqual(leftDisabled("stopped-before-deletion"));
  });

  it("may have been restored by an attempt that the store could not record", () => {
    const unrecordedAttempt = true;
    expect(step(live, { newest: caseWith(detection()), unrecordedAttempt })).toEqual(decide);
    expect(step(live, { newest: caseWith(detection(), toRestore), unrecordedAttempt })).toEqual(
      record({ kind: "key-restored", enabled: true, how: "unrecorded", restoredAfterMs: 5000 }),
    );
    expect(step(live, { newest: caseWith(detection(), toAllow), unrecordedAttempt })).toEqual(
      record({ kind: "restored-by-others" }),
    );
    expect(step(live, { newest: caseWith(detection(), observed), unrecordedAttempt })).toEqual(
      record({ kind: "restored-by-others" }),
    );
  });
});

describe("a key that is gone, with an open case", () => {
  const newest = caseWith(detection(), toAllow, { kind: "deletion-allowed", by: "rule" });
  it.each<[string, KeyObservation, Partial<Situation>, object]>([
    ["destroyed", destroyed, { newest }, record({ kind: "key-destroyed", how: "delete-complete" })],
    ["missing after its time", absent, { newest, now: pendingAt }, record({ kind: "key-destroyed", how: "not-found" })],
    [
      "missing, as a service event told",
      absent,
      { newest, now: pendingAt, trigger: "service-event" },
      record({ kind: "key-destroyed", how: "service-event" }),
    ],
    ["missing before its time", absent, { newest, now: pendingAt - 1 }, reEvaluate],
    [
      "missing before the request could have destroyed it",
      absent,
      { newest: caseWith(detection({ deletePendingAt: undefined } as never)), now: pendingAt - 1 },
      reEvaluate,
    ],
    [
      "missing, and nothing says when it may be",
      absent,
      { newest: caseWith(detection({ deletePendingAt: undefined, request: undefined } as never)) },
      record({ kind: "key-destroyed", how: "not-found" }),
    ],
    ["in a state of tomorrow", unrecognised, { newest }, record({ kind: "key-state-unknown", state: "ON_HOLIDAY" })],
    [
      "in a state of tomorrow that is on record",
      unrecognised,
      { newest: caseWith(detection(), { kind: "key-state-unknown", state: "ON_HOLIDAY" }) },
      reEvaluate,
    ],
    [
      "in another state of tomorrow",
      unrecognised,
      { newest: caseWith(detection(), { kind: "key-state-unknown", state: "ASLEEP" }) },
      record({ kind: "key-state-unknown", state: "ON_HOLIDAY" }),
    ],
  ])("%s", (_, observation, situation, expected) => {
    expect(step(observation, situation)).toEqual(expected);
  });
});

describe("in general", () => {
  const observations = fc.constantFrom(pending, pendingAnew, live, liveDisabled, destroyed, absent, unrecognised);
  const entries = fc.array(
    fc.constantFrom<EntryBody>(
      toRestore,
      toAllow,
      toAsk,
      toLeaveDisabled,
      observed,
      intended,
      intendedLate,
      restoredEntry,
      usable,
      failed("restore", 1),
      failed("start-usage", 8),
      { kind: "restored-by-others" },
      { kind: "deletion-allowed", by: "rule" },
      requesterConfirmed,
      unconfirmed,
      { kind: "usage-start-intended", evidence: "stopped-by-deletion" },
      { kind: "requester-learned", request: otherNews },
      detection({ request: otherNews }),
    ),
    { maxLength: 8 },
  );
  const situations = fc.record({
    observation: observations,
    newest: fc.option(
      entries.map((bodies) => caseWith(detection(), ...bodies)),
      { nil: undefined },
    ),
    newRequest: fc.constantFrom(undefined, request, otherNews, oldNews),
    mode: fc.constantFrom("observe" as const, "enforce" as const),
    now: fc.constantFrom(t0 - day, t0, now, pendingAt - 1, pendingAt, pendingAt + day),
    policyHash: fc.constantFrom("0".repeat(64), "1".repeat(64)),
    trigger: fc.constantFrom("event" as const, "service-event" as const, "re-evaluate" as const, "sweep" as const),
    asked: fc.boolean(),
    reconsidered: fc.boolean(),
    directory: fc.constant(directoryOf()),
    unrecordedAttempt: fc.boolean(),
  });
  const given = (situation: object) => nextStep(situation as Situation);

  it("changes no key in observe mode, whatever is on record", () => {
    fc.assert(
      fc.property(
        situations,
        (situation) => !["restore", "start-usage"].includes(given({ ...situation, mode: "observe" }).do),
      ),
    );
  });

  it("restores only a pending key, at the very time its case was opened for, on a decision to or for want of proof", () => {
    fc.assert(
      fc.property(situations, (situation) => {
        if (given(situation).do !== "restore") return true;
        const { newest, observation, trigger, asked, now: at } = situation;
        const refuted = newest?.confirmation === "unconfirmed";
        const late = trigger === "sweep" ? asked && at >= pendingAt - day : at >= pendingAt - 15 * 60_000;
        const unproven = newest?.confirmation !== "unconfirmed" && late;
        return (
          observation.kind === "pending" &&
          newest?.deletePendingAt === observation.deletePendingAt &&
          !newest.undecided &&
          newest.decision !== undefined &&
          (newest.decision.effect.outcome !== "allow" || refuted || unproven || newest.restore === "intended")
        );
      }),
    );
  });

  it("allows nothing without a decision to", () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const next = given(situation);
        const allows = next.do === "record" && next.body.kind === "deletion-allowed";
        const { decision, question, permitUsed } = situation.newest ?? {};
        const granted = question?.state === "granted" || permitUsed !== undefined;
        return !allows || decision?.effect.outcome === (granted ? "ask" : "allow");
      }),
    );
  });
});
