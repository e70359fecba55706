import { describe, expect, it } from "vitest";
import { recordedRequester } from "../../../cli/reconcile/read-cloudtrail.ts";
import { CallBook } from "../../../lib/domain/reconcile/calls.ts";
import { Coverage } from "../../../lib/domain/reconcile/coverage.ts";
import { ownRoles } from "../../../lib/domain/reconcile/own-roles.ts";
import { reconcile } from "../../../lib/domain/reconcile/reconcile.ts";
import { TrailClaims } from "../../../lib/domain/reconcile/trail-claims.ts";
import { ofKey, place } from "../../doubles/cloudtrail-files.ts";
import { type Oddity, simulateDeletion } from "../../doubles/simulated-deletions.ts";

/** 2026-07-01T00:00:00Z */
const from = 1_782_864_000_000;
const hour = 3_600_000;
const at = from + 90 * 60_000;

interface Told {
  readonly time?: { readonly from: number; readonly to: number };
  readonly logged?: { readonly from: number; readonly to: number };
  readonly covered?: { readonly from: number; readonly to: number };
  readonly members?: object;
  readonly isUnnamed?: boolean;
}

/** Compares failed calls of the second hour with the trail; returns the letters of what differs, and the totals. */
function compared(oddity: Oddity, told: Told = {}) {
  const { time = { from, to: from + 4 * hour }, logged = { from: from - hour, to: from + 8 * hour } } = told;
  const { covered = { from: from - hour, to: from + 6 * hour }, members = {}, isUnnamed = false } = told;
  const trail = new TrailClaims();
  const [calls, unnamed] = [new CallBook(place, recordedRequester), new CallBook(place, recordedRequester)];
  const { records, chains } = simulateDeletion(1, at, oddity);
  for (const { entries } of chains) for (const entry of entries) trail.take(entry);
  for (const record of records) (isUnnamed ? unnamed : calls).take({ ...record, ...members });
  const { classes, failedCalls, verdict } = reconcile({
    ...{ owner: { ...place, stage: "dev" }, time, trail, calls, unnamed, logged, changed: [], unread: [] },
    ...{ coverage: new Coverage([covered], []), isOwnRole: ownRoles({ ...place, stage: "dev" }, []) },
    ...{ manifestSha256: "0".repeat(64), export: "whole" },
  });
  const letters = classes.flatMap(({ class: letter, count }) => (count > 0 ? [letter] : [])).join("");
  return { letters, failedCalls, verdict };
}

describe("DeleteKey calls that failed", () => {
  it("are on record one by one, or counted", () => {
    expect(compared("failed").failedCalls).toEqual({ calls: 1, recorded: 1, counted: 0 });
    expect(compared("failed-counted")).toEqual({
      ...{ letters: "", verdict: "complete", failedCalls: { calls: 3, recorded: 1, counted: 2 } },
    });
  });

  it("that are lost want an explanation, and one that is forged is an exception", () => {
    expect(compared("failed-lost")).toMatchObject({ letters: "M", verdict: "complete" });
    for (const oddity of ["failed-forged", "failed-twice", "failed-elsewhere", "failed-by-others"] as const)
      expect([oddity, compared(oddity).verdict]).toEqual([oddity, "exceptions"]);
  });

  it.each<[string, Oddity, Told, string]>([
    ["too new for the log", "failed-lost", { logged: { from: from - hour, to: at + hour } }, "J"],
    ["before the log begins", "failed-lost", { logged: { from: from + 4 * hour, to: from + 8 * hour } }, "K"],
    ["without a log", "failed-forged", { covered: { from, to: at } }, "J"],
    ["in a log that no digest names", "failed", { isUnnamed: true }, "J"],
    ["counted without a log", "failed-overcounted", { covered: { from, to: at } }, "J"],
    ["counted in an hour that is cut by the time", "failed-overcounted", { time: { from, to: at + 60_000 } }, ""],
    ["outside of the time", "failed-lost", { time: { from, to: at } }, ""],
    ["of another account's key", "failed-lost", { members: ofForeignKey() }, ""],
    ["that were carried out", "failed", { members: { errorCode: null } }, "AN"],
  ])("%s", (_, oddity, told, letters) => {
    expect(compared(oddity, told).letters).toBe(letters);
  });
});

function ofForeignKey(): object {
  return ofKey("arn:aws:payment-cryptography:us-east-1:999988887777:key/kwapwa6qaifllw2h");
}
