import { describe, expect, it } from "vitest";
import { sweepCommandIn } from "../../functions/sweep/sweep-command.ts";

describe("what the sweep is called for", () => {
  it.each(["guard", "notify", "votes", "remediation", "rule"])(
    "is a redrive of %s where an operator asks for it",
    (redrive) => {
      expect(sweepCommandIn({ redrive })).toBe(redrive);
    },
  );

  it.each([[{ source: "aws.scheduler", time: "2024-05-27T19:49:54Z" }], [{}], ["redrive"], [null], [undefined]])(
    "is its own work for %j",
    (event) => {
      expect(sweepCommandIn(event)).toBeUndefined();
    },
  );

  it.each([[{ redrive: "audit" }], [{ redrive: null }], [{ redrive: "guard", force: true }]])(
    "is refused for %j, and no sweep runs in its place",
    (event) => {
      expect(() => sweepCommandIn(event)).toThrow(
        expect.objectContaining({ code: "EVENT_UNEXPECTED", disposition: "reject" }),
      );
    },
  );
});
