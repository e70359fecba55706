import { describe, expect, it } from "vitest";
import { header, rawBody } from "../../functions/shared/http.ts";

describe("a request of the HTTP API", () => {
  it("has its headers by name, however they are spelled", () => {
    for (const name of ["x-slack-signature", "X-Slack-Signature", "X-SLACK-SIGNATURE"])
      expect(header({ headers: { [name]: "v0=1" } }, "x-slack-signature")).toBe("v0=1");
    expect(header({ headers: { "x-slack-signature-2": "v0=1" } }, "x-slack-signature")).toBeUndefined();
  });

  it("has its body as the bytes that came", () => {
    expect([...rawBody({ body: "ä", isBase64Encoded: false })]).toEqual([0xc3, 0xa4]);
    expect([...rawBody({ body: "//4=", isBase64Encoded: true })]).toEqual([0xff, 0xfe]);
    expect([...rawBody({ isBase64Encoded: false })]).toEqual([]);
  });
});
