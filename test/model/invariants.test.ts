import { describe, expect, it } from "vitest";
import { append, type Chain } from "../../lib/domain/ledger/chain.ts";
import type { EntryBody } from "../../lib/domain/ledger/entry.ts";
import {
  chainsIntact,
  confirmedStaysDone,
  destroyedOnlyIfAllowed,
  everyCaseEnds,
  everyEntryOnce,
  everythingTold,
  intentBeforeEffect,
  type Witnessed,
  withinBudget,
  withinRoles,
} from "../../local/stories/invariants/invariants.ts";
import { detection, toAllow, toAsk, toRestore } from "../doubles/case-builder.ts";
import { chainBefore } from "../doubles/chain-names.ts";
import { t0 } from "../doubles/key-world.ts";

const chain = (...bodies: EntryBody[]): Chain =>
  [detection(), ...bodies].reduce<Chain>((before, body) => append(before, body, t0), chainBefore(detection()));
const seen = (overrides: Partial<Witnessed>): Witnessed => ({ chains: [], happened: [], published: [], ...overrides });
const allowed: EntryBody = { kind: "deletion-allowed", by: "rule" };
const confirmed: EntryBody = { kind: "requester-confirmed", eventId: "e" };

describe("each invariant can fail", () => {
  it("I1", () => {
    expect(destroyedOnlyIfAllowed(seen({ happened: ["Destroyed"] }))).toHaveLength(1);
    expect(destroyedOnlyIfAllowed(seen({ happened: ["Destroyed"], chains: [chain(toRestore)] }))).toHaveLength(1);
    expect(destroyedOnlyIfAllowed(seen({ happened: ["Destroyed"], chains: [chain(toAllow, allowed)] }))).toHaveLength(
      1,
    );
    expect(
      destroyedOnlyIfAllowed(seen({ happened: ["Destroyed"], chains: [chain(toAllow, allowed, confirmed)] })),
    ).toEqual([]);
  });

  it("I1 of what people approved", () => {
    const approved = (...more: EntryBody[]) =>
      destroyedOnlyIfAllowed(
        seen({
          happened: ["Destroyed"],
          chains: [chain(toAsk, { kind: "deletion-allowed", by: "approval" }, ...more)],
        }),
      );
    expect(approved()).toHaveLength(1);
    expect(approved(confirmed)).toEqual([]);
  });

  it("I2", () => {
    const undone = (...more: EntryBody[]) =>
      confirmedStaysDone(seen({ chains: [chain(toAllow, allowed, confirmed, ...more)] }));
    expect(undone({ kind: "restore-intended", late: false })).toHaveLength(1);
    expect(undone({ kind: "key-destroyed", how: "delete-complete" })).toEqual([]);
    expect(undone(detection(), { kind: "restore-intended", late: false })).toEqual([]);
    const unconfirmed: EntryBody = { kind: "requester-unconfirmed", why: "history-unreadable" };
    expect(undone(unconfirmed, { kind: "restore-intended", late: false })).toEqual([]);
    expect(confirmedStaysDone(seen({ chains: [chain({ kind: "restore-intended", late: false })] }))).toEqual([]);
    const neverAllowed = chain(toAllow, confirmed, { kind: "restore-intended", late: false });
    expect(confirmedStaysDone(seen({ chains: [neverAllowed] }))).toEqual([]);
  });

  it("I3", () => {
    expect(everyCaseEnds(seen({ chains: [chain(toAllow)] }))).toHaveLength(1);
    expect(everyCaseEnds(seen({ chains: [chain({ kind: "restored-by-others" })] }))).toEqual([]);
  });

  it("I4", () => {
    expect(intentBeforeEffect(seen({ happened: ["RestoreKey"] }))).toHaveLength(1);
    expect(intentBeforeEffect(seen({ happened: ["RestoreKey", "restore-intended"] }))).toHaveLength(1);
    expect(intentBeforeEffect(seen({ happened: ["restore-intended", "RestoreKey"] }))).toEqual([]);
    expect(intentBeforeEffect(seen({ happened: ["restore-intended", "RestoreKey", "RestoreKey"] }))).toHaveLength(1);
    expect(intentBeforeEffect(seen({ happened: ["StartKeyUsage"] }))).toHaveLength(1);
  });

  it("I4 of what remediation writes", () => {
    const found = (...happened: Witnessed["happened"]) => intentBeforeEffect(seen({ happened })).length;
    expect([found("StateWritten"), found("revert-intended", "StateWritten")]).toEqual([1, 0]);
    expect(found("usage-start-intended", "StateWritten")).toBe(1);
    expect([found("StoppedKeyStarted"), found("StoppedKeyStarted", "usage-start-intended")]).toEqual([1, 1]);
    expect(found("usage-start-intended", "StoppedKeyStarted")).toBe(0);
    expect(found("revert-intended", "StoppedKeyStarted")).toBe(0);
  });

  it("I4 of a RestoreKey whose answer was lost", () => {
    const found = (...happened: Witnessed["happened"]) => intentBeforeEffect(seen({ happened }));
    const [intent, lost] = ["restore-intended", "RestoreKeyUnanswered"] as const;
    expect(found(lost)).toHaveLength(1);
    expect(found(lost, intent)).toHaveLength(1);
    expect(found(intent, lost, lost, "RestoreKey")).toEqual([]);
    expect(found(intent, "RestoreKey", lost)).toHaveLength(1);
    expect(found(intent, lost, "RestoreKey", "RestoreKey")).toHaveLength(1);
    expect(found(intent, lost, intent, "RestoreKey", "RestoreKey")).toHaveLength(1);
    for (const entry of ["decided", "key-restored", "deletion-superseded"] as const) {
      expect(found(intent, lost, entry, lost)).toHaveLength(1);
      expect(found(intent, lost, entry, intent, lost)).toEqual([]);
    }
  });

  it("I5", () => {
    const twice: EntryBody = { kind: "restored-by-others" };
    expect(everyEntryOnce(seen({ chains: [chain(twice, twice)] }))).toHaveLength(1);
    const asked: EntryBody = { kind: "approval-requested", from: "custodians", quorum: 1, deadline: t0 };
    const granted: EntryBody = { kind: "approval-granted", by: ["bob"], quorum: 1 };
    expect(everyEntryOnce(seen({ chains: [chain(asked, granted, granted)] }))).toHaveLength(1);
    expect(everyEntryOnce(seen({ chains: [chain(asked, granted, detection(), asked, granted)] }))).toEqual([]);
    const broken = chain(toRestore);
    expect(chainsIntact(seen({ chains: [{ ...broken, texts: broken.texts.slice(1) }] }))).toHaveLength(1);
  });

  it("I6", () => {
    const one = { chains: [chain(toRestore)] };
    const told = (...seqs: number[]) => seqs.map((seq) => ({ generation: 1, seq }));
    expect(everythingTold(seen({ ...one, published: told(1) }))).toEqual(["I6: entries 2 of case 1 were never told"]);
    expect(everythingTold(seen({ ...one, published: told(2, 1) }))).toEqual([
      "I6: entries of case 1 were published out of order",
    ]);
    expect(everythingTold(seen({ ...one, published: told(1, 1, 2) }))).toEqual([]);
  });

  it("I7", () => {
    expect(withinRoles(["the guard may not DeleteKey", "the guard may not DeleteKey"])).toHaveLength(1);
    expect(withinRoles([])).toEqual([]);
  });

  it("I8", () => {
    const every = (ms: number) => Array.from({ length: 1000 }, (_, n) => ({ at: t0 + n * ms }));
    expect(withinBudget(every(250))).toEqual([]);
    expect(withinBudget(every(200))).toHaveLength(1);
    expect(withinBudget([])).toEqual([]);
  });
});
