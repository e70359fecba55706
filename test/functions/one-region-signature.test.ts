import { createRequire } from "node:module";
import { Sha256 } from "@aws-crypto/sha256-js";
import { describe, expect, it } from "vitest";
import { SignatureV4MultiRegion } from "../../functions/shared/one-region-signature.ts";

// It comes with the SDK's clients, and is no dependency of ours.
const original = createRequire(import.meta.url)("@aws-sdk/signature-v4-multi-region") as {
  readonly SignatureV4MultiRegion: typeof SignatureV4MultiRegion;
};
const signingDate = new Date("2026-03-01T00:00:00Z");

describe("the signature of EventBridge's and S3's clients in the bundles", () => {
  it.each([
    ["events", true],
    ["s3", false],
  ])("is the one that the SDK's own class makes: %s", async (service, uriEscapePath) => {
    const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };
    const options = { service, region: "eu-west-1", credentials, sha256: Sha256, uriEscapePath };
    const request = {
      ...{
        method: "PUT",
        protocol: "https:",
        hostname: `${service}.eu-west-1.amazonaws.com`,
        path: "/log/a b",
      },
      ...{ query: {}, body: "{}", headers: { host: `${service}.eu-west-1.amazonaws.com` } },
    };
    const signatures = [SignatureV4MultiRegion, original.SignatureV4MultiRegion].map(async (signer) => {
      // The SDK's class takes a field more of what only S3's multi-Region access points have.
      const signed = await new signer({ ...options, runtime: "node" } as typeof options).sign(request, { signingDate });
      return signed.headers["authorization"];
    });
    const [own, theirs] = await Promise.all(signatures);
    expect(own).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/20260301\/eu-west-1\//);
    expect(own).toBe(theirs);
    expect(SignatureV4MultiRegion.sigv4aDependency()).toBe(original.SignatureV4MultiRegion.sigv4aDependency());
  });
});
