import { describe, expect, it } from "vitest";
import { createChangePlane } from "../../lib/aws/payment-cryptography/change-plane.ts";
import { day, keyArn, t0 } from "../doubles/key-world.ts";

const never = async () => await Promise.reject(new Error("no call is expected"));
const plane = createChangePlane({ call: never as never });
const key = {
  KeyArn: keyArn(),
  KeyAttributes: { KeyUsage: "TR31_C0_CARD_VERIFICATION_KEY", KeyClass: "SYMMETRIC_KEY", KeyAlgorithm: "TDES_2KEY" },
  Enabled: true,
};

describe("the key in an answer of GetKey", () => {
  it.each([
    ["CREATE_COMPLETE", {}, true],
    // Recorded answers of AWS have `Enabled: true` for a key that is pending deletion (facts/aws.md, row 4).
    ["DELETE_PENDING", { DeletePendingTimestamp: new Date(t0 + 7 * day) }, false],
    ["DELETE_PENDING", {}, false],
    ["DELETE_COMPLETE", {}, false],
  ])("in the state %s with %j is usable: %s", (KeyState, times, enabled) => {
    const seen = plane.keyIn({ answer: { Key: { ...key, KeyState, ...times } } });
    expect(seen === undefined ? false : seen.enabled).toBe(enabled);
  });

  it("is undefined where the answer shows none", () => {
    expect(plane.keyIn({ answer: {} })).toBeUndefined();
    expect(plane.keyIn({ error: "ResourceNotFoundException" })).toBeUndefined();
  });
});
