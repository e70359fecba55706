import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { verifySignature } from "../../lib/slack/verify-signature.ts";
import { click, createTestApproval, secret, send, signatureHeaders, signed } from "../doubles/approval.ts";

/** Published by Slack ("Verifying requests from Slack"). */
const published = {
  body: "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c",
  timestamp: "1531420618",
  signature: "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
};
const at = 1_531_420_618_000;
const request = (overrides: Partial<typeof published> = {}) => {
  const { body, ...rest } = { ...published, ...overrides };
  return { ...rest, body: Buffer.from(body) };
};
const outcome = (act: () => void): string => {
  try {
    act();
    return "accepted";
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe("Slack's signature", () => {
  it("of the published example is right", () => {
    expect(outcome(() => verifySignature(request(), secret, at))).toBe("accepted");
  });

  it.each([
    [300_000, "accepted"],
    [-300_000, "accepted"],
    [300_001, "CALLBACK_STALE"],
    [-300_001, "CALLBACK_STALE"],
  ])("%s ms from our time is %s", (ms, expected) => {
    expect(outcome(() => verifySignature(request(), secret, at + ms))).toBe(expected);
  });

  it.each([
    ["another secret", request(), `${secret.slice(1)}0`, "CALLBACK_FORGED"],
    ["no secret", request(), "", "SECRET_UNAVAILABLE"],
    ["a secret that is too short to be one", request(), secret.slice(1), "SECRET_UNAVAILABLE"],
    ["no signature", { ...request(), signature: undefined }, secret, "CALLBACK_FORGED"],
    ["no time", { ...request(), timestamp: undefined }, secret, "CALLBACK_FORGED"],
    ["an invalid time", request({ timestamp: "1531420618.0" }), secret, "CALLBACK_FORGED"],
    [
      "two signatures in one header",
      request({ signature: `${published.signature},${published.signature}` }),
      secret,
      "CALLBACK_FORGED",
    ],
    ["a signature in capitals", request({ signature: published.signature.toUpperCase() }), secret, "CALLBACK_FORGED"],
  ])("is refused for %s", (_, signedRequest, key, expected) => {
    expect(outcome(() => verifySignature(signedRequest, key, at))).toBe(expected);
  });

  it("does not hold for any change of one byte, in body, time or signature", () => {
    const fields = fc.constantFrom("body", "timestamp", "signature" as const);
    fc.assert(
      fc.property(fields, fc.nat(), fc.integer({ min: 1, max: 255 }), (field, position, flip) => {
        const bytes = Buffer.from(published[field as keyof typeof published]);
        const index = position % bytes.length;
        bytes[index] = (bytes[index] ?? 0) ^ flip;
        const changed =
          field === "body" ? { ...request(), body: bytes } : { ...request(), [field]: bytes.toString("latin1") };
        expect(outcome(() => verifySignature(changed, secret, at))).not.toBe("accepted");
      }),
      { numRuns: process.env["REPRIEVE_FEW_RUNS"] ? 200 : 2_000 },
    );
  });

  it("is taken over the bytes, whether they come as text or as base64", async () => {
    const world = await createTestApproval();
    const sent = signed(click("bob", "keep", undefined, { note: "ä€😀" }));
    expect((await send(world, { ...sent, base64: true })).statusCode).toBe(200);
    expect((await send(world, sent)).statusCode).toBe(200);
    const invalid = Buffer.from([0x70, 0xff, 0xfe]);
    expect((await send(world, { body: invalid, base64: true, headers: signatureHeaders(invalid) })).statusCode).toBe(
      400,
    );
  });
});
