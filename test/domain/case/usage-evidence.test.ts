import { describe, expect, it } from "vitest";
import { mayStartUsage } from "../../../lib/domain/case/usage-evidence.ts";
import { day, paymentKey, t0 } from "../../doubles/key-world.ts";

const started = t0 - 30 * day;
const key = (usageStoppedAt?: number, usageStartedAt = started) =>
  paymentKey({ enabled: false, usageStartedAt, ...(usageStoppedAt !== undefined && { usageStoppedAt }) });

describe("mayStartUsage", () => {
  it.each([
    ["stopped by the deletion itself", key(t0), { deletedAt: t0 }, { evidence: "stopped-by-deletion" }],
    ["stopped within a minute before", key(t0 - 60_000), { deletedAt: t0 }, { evidence: "stopped-by-deletion" }],
    ["stopped within a minute after", key(t0 + 60_000), { deletedAt: t0 }, { evidence: "stopped-by-deletion" }],
    ["stopped earlier, on purpose", key(t0 - 60_001), { deletedAt: t0 }, { why: "stopped-before-deletion" }],
    [
      "stopped earlier, whatever the response said",
      key(t0 - day),
      { deletedAt: t0, enabledInResponse: true },
      { why: "stopped-before-deletion" },
    ],
    ["stopped later", key(t0 + 60_001), { deletedAt: t0 }, { why: "usage-changed-since" }],
    [
      "never stopped, and enabled in the response",
      key(),
      { deletedAt: t0, enabledInResponse: true },
      { evidence: "enabled-in-deletion-response" },
    ],
    [
      "a stop that a later start has overruled",
      key(t0 - 3 * day, t0 - 2 * day),
      { deletedAt: t0, enabledInResponse: true },
      { evidence: "enabled-in-deletion-response" },
    ],
    [
      "never stopped, and disabled in the response",
      key(),
      { deletedAt: t0, enabledInResponse: false },
      { why: "no-evidence-that-it-was-enabled" },
    ],
    ["never stopped, response unknown", key(), { deletedAt: t0 }, { why: "no-evidence-that-it-was-enabled" }],
    [
      "never stopped, and enabled in the last inventory",
      key(),
      { lastSeen: { enabled: true, at: t0 - day } },
      { evidence: "enabled-in-inventory" },
    ],
    [
      "disabled in the last inventory, whatever the response and the stop say",
      key(t0),
      { deletedAt: t0, enabledInResponse: true, lastSeen: { enabled: false, at: t0 - day } },
      { why: "disabled-in-inventory" },
    ],
    [
      "disabled in the last inventory, and started since",
      key(t0, t0 - day - 59_999),
      { deletedAt: t0, lastSeen: { enabled: false, at: t0 - day } },
      { evidence: "stopped-by-deletion" },
    ],
    [
      "enabled in the last inventory, and stopped at an unknown moment of the deletion's day",
      key(t0),
      { lastSeen: { enabled: true, at: t0 - day } },
      { why: "no-evidence-that-it-was-enabled" },
    ],
    ["stopped, time of the deletion unknown", key(t0), {}, { why: "no-evidence-that-it-was-enabled" }],
    [
      "stopped at an unknown distance from the deletion, though enabled in a response",
      key(t0),
      { enabledInResponse: true },
      { why: "no-evidence-that-it-was-enabled" },
    ],
  ])("%s", (_, stopped, detected, expected) => {
    expect(mayStartUsage({ key: stopped, ...detected }, stopped)).toEqual(expected);
  });

  it.each([
    ["stopped since it was detected", key(), key(t0)],
    ["stopped again since it was detected", key(t0), key(t0 + 1)],
    ["started since it was detected", key(t0), key(t0, t0 + 1)],
  ])("leaves a key alone that was %s", (_, before, now) => {
    expect(mayStartUsage({ key: before, deletedAt: t0, enabledInResponse: true }, now)).toEqual({
      why: "usage-changed-since",
    });
  });

  it("takes a stop at the moment of the last start as the one in force", () => {
    const both = key(started, started);
    expect(mayStartUsage({ key: both, deletedAt: t0, enabledInResponse: true }, both)).toEqual({
      why: "stopped-before-deletion",
    });
  });

  it("takes a stop of a key that never started as one in force", () => {
    const { usageStartedAt: _, ...never } = key(t0);
    expect(mayStartUsage({ key: never, deletedAt: t0 }, never)).toEqual({ evidence: "stopped-by-deletion" });
  });
});
