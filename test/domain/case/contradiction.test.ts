import { describe, expect, it } from "vitest";
import { contradicts } from "../../../lib/domain/case/contradiction.ts";
import type { KeyObservation } from "../../../lib/domain/key/payment-key.ts";
import type { EntryBody } from "../../../lib/domain/ledger/entry.ts";
import { caseWith, detection, toAllow, toRestore } from "../../doubles/case-builder.ts";
import { day, paymentKey, t0 } from "../../doubles/key-world.ts";

const live: KeyObservation = { kind: "live", key: paymentKey() };
const pendingUntil = (deletePendingAt: number): KeyObservation => ({
  kind: "pending",
  key: paymentKey(),
  deletePendingAt,
});
const same = pendingUntil(t0 + 3 * day);
const other = pendingUntil(t0 + 3 * day + 1);
const open = caseWith(detection(), toAllow);
const intended: EntryBody = { kind: "restore-intended", late: false };
const restored = caseWith(detection(), toRestore, intended, { kind: "key-restored", enabled: false, how: "answered" });
const ended = caseWith(detection(), { kind: "restored-by-others" });
const { deletePendingAt: _never, ...notPending } = detection();
const neverPending = caseWith(notPending, { kind: "restored-by-others" });

describe("a look at the key and the record of it", () => {
  it.each([
    ["contradict: alive, and nobody restored it", open, live, true],
    ["agree: alive after an intent of ours", caseWith(detection(), toRestore, intended), live, false],
    ["agree: alive after the restore", restored, live, false],
    ["agree: alive, and over", ended, live, false],
    ["agree: pending as on record", open, same, false],
    ["contradict: pending until another time", open, other, true],
    ["contradict: pending, and restored already", restored, same, true],
    ["contradict: pending, and over", ended, same, true],
    ["agree: pending again after the end of an earlier deletion", ended, other, false],
    ["contradict: pending, and over without having been seen pending", neverPending, same, true],
    ["agree: gone", open, { kind: "absent" }, false],
    ["agree: in a state that nobody knows", open, { kind: "unrecognised", arn: paymentKey().arn, state: "X" }, false],
  ] as const)("%s", (_, state, observation, expected) => {
    expect(contradicts(state, observation)).toBe(expected);
  });
});
