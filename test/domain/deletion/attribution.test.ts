import { describe, expect, it } from "vitest";
import { earliestDestruction, isRequestOf } from "../../../lib/domain/deletion/attribution.ts";
import { day, deletionRequest, keyArn, t0 } from "../../doubles/key-world.ts";

const threeDays = deletionRequest({ at: t0, requestedDays: 3 });
const { requestedDays: _, ...unknownDays } = threeDays;

describe("isRequestOf", () => {
  it.each([
    ["the time the request asked for", threeDays, t0 + 3 * day, true],
    ["a day more, however the service rounds", threeDays, t0 + 4 * day, true],
    ["a day less", threeDays, t0 + 2 * day, true],
    ["more than a day more: a newer deletion", threeDays, t0 + 4 * day + 1, false],
    ["more than a day less: an older one", threeDays, t0 + 2 * day - 1, false],
    ["the default of seven days, when the record does not say", unknownDays, t0 + 7 * day, true],
    ["thirty days, when the record does not say", unknownDays, t0 + 30 * day, true],
    ["the shortest period there is, when the record does not say", unknownDays, t0 + 2 * day, true],
    ["less than any period, when the record does not say", unknownDays, t0 + 2 * day - 1, false],
    ["the longest period there is, when the record does not say", unknownDays, t0 + 181 * day, true],
    ["more than any period, when the record does not say", unknownDays, t0 + 181 * day + 1, false],
  ])("%s", (_name, request, deletePendingAt, expected) => {
    expect(isRequestOf(deletePendingAt, request)).toBe(expected);
  });

  it("never trusts a record that holds only a hint", () => {
    for (const target of [
      { kind: "alias", alias: "alias/moved" },
      { kind: "hint", arn: keyArn() },
    ] as const)
      expect(isRequestOf(t0 + 3 * day, deletionRequest({ target }))).toBe(false);
    expect(isRequestOf(t0 + 3 * day, deletionRequest({ target: { kind: "arn", arn: keyArn() } }))).toBe(true);
  });
});

describe("earliestDestruction", () => {
  it.each([
    [threeDays, t0 + 3 * day],
    [unknownDays, t0 + 3 * day],
  ])("counts the waiting period from the call", (request, expected) => {
    expect(earliestDestruction(request)).toBe(expected);
  });
});
