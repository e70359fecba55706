import { describe, expect, it } from "vitest";
import { recordedRequester } from "../../../cli/reconcile/read-cloudtrail.ts";
import { changeChainName } from "../../../lib/domain/ledger/chain-name.ts";
import { CallBook } from "../../../lib/domain/reconcile/calls.ts";
import { Coverage } from "../../../lib/domain/reconcile/coverage.ts";
import { ownRoles } from "../../../lib/domain/reconcile/own-roles.ts";
import { reconcile } from "../../../lib/domain/reconcile/reconcile.ts";
import { TrailClaims } from "../../../lib/domain/reconcile/trail-claims.ts";
import { changeChainAt, changed, intended, judgedAs, stopName } from "../../doubles/change-chains.ts";
import { byRole, ofKey, place, trailRecord } from "../../doubles/cloudtrail-files.ts";
import { entryExamples } from "../../doubles/entry-examples.ts";
import { keyArn } from "../../doubles/key-world.ts";

const hour = 3_600_000;
const owner = { ...place, stage: "dev" };
const stoppedAt = stopName.hour * hour + 60_000;
const startedAt = stoppedAt + 600_000;
const time = { from: stoppedAt - 60_000, to: stoppedAt + hour };
const eventId = "00000001-0000-4000-8000-000000000000";
const stopped = changed(stopName, 1, { eventId, changedAt: stoppedAt });

interface Told {
  readonly isRequested: boolean;
  /** How the trail says that the key became usable. */
  readonly how?: "answered" | "found";
  readonly isCalled?: boolean;
}

/** Compares a stop, and the stack's start ten minutes later, with the trail. */
function classesOf({ isRequested, how, isCalled = true }: Told): readonly string[] {
  const [trail, calls] = [new TrailClaims(), new CallBook(place, recordedRequester)];
  const stop = changeChainAt(stoppedAt, stopName, stopped, judgedAs());
  for (const entry of stop.entries) trail.take(entry);
  if (isRequested) {
    const { evidence: _evidence, ...start } = entryExamples["usage-start-intended"];
    const bodies = [entryExamples["usage-start-requested"], { ...start, evidence: "requested-by-person" } as const];
    for (const entry of changeChainAt(startedAt - 3_000, stopName, ...bodies).entries) trail.take(entry);
  }
  if (how !== undefined) {
    const usable = { kind: "key-usable", how, despiteRule: false } as const;
    for (const entry of changeChainAt(startedAt + 1_000, stopName, usable).entries) trail.take(entry);
  }
  calls.take(trailRecord(eventId, stoppedAt, "StopKeyUsage", ofKey(keyArn())));
  const byStack = { ...ofKey(keyArn()), ...byRole("reprieve-dev-remediation-us-east-1") };
  if (isCalled) calls.take(trailRecord("00000002-0000-4000-8000-000000000000", startedAt, "StartKeyUsage", byStack));
  return reconciledClasses(trail, calls);
}

/** The classes of the differences that there are. */
function reconciledClasses(trail: TrailClaims, calls: CallBook): readonly string[] {
  const { classes } = reconcile({
    ...{ owner, time, trail, calls, unnamed: new CallBook(place, recordedRequester) },
    logged: { from: time.from - hour, to: time.to + 3 * hour },
    ...{ coverage: new Coverage([{ from: time.from - hour, to: time.to + hour }], []), isOwnRole: ownRoles(owner, []) },
    ...{ changed: [], unread: [], manifestSha256: "0".repeat(64), export: "whole" },
  });
  return classes.flatMap((each) => (each.count > 0 ? [each.class] : []));
}

describe("a revert that is on record as answered", () => {
  const classesWith = (how: "answered" | "found", isCalled: boolean) => {
    const [trail, calls] = [new TrailClaims(), new CallBook(place, recordedRequester)];
    const reverted = { kind: "change-reverted", how, eventId, revertedAfterMs: 2_000 } as const;
    for (const entry of changeChainAt(stoppedAt, stopName, stopped, judgedAs(), intended, reverted).entries)
      trail.take(entry);
    calls.take(trailRecord(eventId, stoppedAt, "StopKeyUsage", ofKey(keyArn())));
    const own = { ...ofKey(keyArn()), ...byRole("reprieve-dev-guard-us-east-1") };
    if (isCalled)
      calls.take(trailRecord("00000002-0000-4000-8000-000000000000", stoppedAt + 2_000, "StartKeyUsage", own));
    return reconciledClasses(trail, calls);
  };

  it("needs a call of the stack", () => {
    expect(classesWith("answered", true)).toEqual([]);
    expect(classesWith("answered", false)).toEqual(["H"]);
    expect(classesWith("found", false)).toEqual([]);
  });
});

describe(`StartKeyUsage by the stack after ${changeChainName(stopName)}`, () => {
  it("is accounted for by the request of a person in the chain of the stop", () => {
    expect(classesOf({ isRequested: true })).toEqual([]);
  });

  it("is an act without an entry where nobody requested it", () => {
    expect(classesOf({ isRequested: false })).toEqual(["G"]);
  });

  it("is what the entry of its answer needs", () => {
    expect(classesOf({ isRequested: true, how: "answered" })).toEqual([]);
    expect(classesOf({ isRequested: true, how: "answered", isCalled: false })).toEqual(["H"]);
    expect(classesOf({ isRequested: true, how: "found", isCalled: false })).toEqual([]);
  });
});
