import { describe, expect, it } from "vitest";
import { stricter } from "../../../lib/domain/policy/strictness.ts";
import { decided, toAllow, toAsk, toLeaveDisabled, toRestore } from "../../doubles/case-builder.ts";

describe("of two decisions", () => {
  it.each([toAllow, toAsk, toLeaveDisabled, toRestore])(
    "that protect a key alike the first holds: $effect.outcome",
    ({ effect }) => {
      const [first, second] = [decided(effect, { rule: "first" }), decided(effect, { rule: "second" })];
      expect([stricter(first, second).rule, stricter(second, first).rule]).toEqual(["first", "second"]);
    },
  );

  it("the stricter holds, whichever came first", () => {
    const ranked = [toAllow, toAsk, toLeaveDisabled, toRestore];
    for (const [n, weaker] of ranked.entries())
      for (const stronger of ranked.slice(n + 1))
        expect([stricter(weaker, stronger), stricter(stronger, weaker)]).toEqual([stronger, stronger]);
  });
});
