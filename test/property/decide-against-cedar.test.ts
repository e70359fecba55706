import { describe, expect, it } from "vitest";
import { compareWithCedar } from "../oracle/cedar/agreement.ts";

const count = process.env["REPRIEVE_DEEP"] ? 20_000 : 1_000;

describe("decide", () => {
  it("says what Cedar says of random facts under random policies, unknown requesters and unreadable labels included", () => {
    const { facts, unsettled, defaults, disagreements } = compareWithCedar(1, count);
    expect(disagreements).toEqual([]);
    // The comparison would be worth nothing if every policy said the same.
    expect(unsettled).toBeGreaterThan(facts / 10);
    expect(facts - defaults).toBeGreaterThan(facts / 4);
  });
});
