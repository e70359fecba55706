import { Sha256 } from "@aws-crypto/sha256-js";
import { describe, expect, it } from "vitest";
import { createWitness, type WitnessAccess } from "../../lib/aws/lambda/witness-client.ts";
import { verifierKey } from "../../lib/domain/log/verifier-key.ts";

const key = verifierKey("witness.example/log-archive", "cosignature", Buffer.alloc(32, 1));
const functionUrl = "https://abc123.lambda-url.eu-central-1.on.aws/";
const asked: { readonly url: string; readonly init: RequestInit | undefined }[] = [];

function witnessThat(answers: () => Promise<Response> | Response, url = "https://witness.example/tlog") {
  asked.length = 0;
  let used = 0;
  const access: WitnessAccess = {
    ...{ url, key, clock: () => 1_795_863_600_000 },
    fetch: async (target, init) => {
      asked.push({ url: String(target), init });
      return await answers();
    },
    signing: {
      sha256: Sha256,
      credentials: async () => {
        used += 1;
        return await Promise.resolve({ accessKeyId: "AKID", secretAccessKey: "secret", sessionToken: "token" });
      },
    },
  };
  return { witness: createWitness(access), credentialsUsed: () => used };
}

const answering = (status: number, body: string) => () => new Response(body, { status });

describe("asking a witness over HTTP", () => {
  it.each([
    [
      200,
      "\u2014 witness.example/log-archive AAAA\n",
      { status: "cosigned", lines: "\u2014 witness.example/log-archive AAAA\n" },
    ],
    [409, "17\n", { status: "other-size", size: 17 }],
    [409, "0", { status: "other-size", size: 0 }],
    [409, "many\n", { status: "refused", httpStatus: 409 }],
    [409, "9007199254740993\n", { status: "refused", httpStatus: 409 }],
    [422, "inconsistent\n", { status: "inconsistent" }],
    [403, "", { status: "refused", httpStatus: 403 }],
    [404, "", { status: "refused", httpStatus: 404 }],
  ])("reads an answer %s %j", async (status, body, expected) => {
    expect(await witnessThat(answering(status, body)).witness.ask("old 0\n")).toEqual(expected);
  });

  it.each([
    ["is overloaded", answering(429, "")],
    ["fails", answering(502, "")],
    ["answers without end", answering(200, "x".repeat(16_385))],
    ["cannot be reached", async () => await Promise.reject(new TypeError("fetch failed"))],
    ["redirects", async () => await Promise.reject(new TypeError("unexpected redirect"))],
  ])("reports a witness that %s as unavailable", async (_, answers) => {
    await expect(witnessThat(answers).witness.ask("old 0\n")).rejects.toMatchObject({ code: "WITNESS_UNAVAILABLE" });
  });

  it("posts to `add-checkpoint` below the URL, follows no redirect, and stops after 5 s", async () => {
    for (const url of ["https://witness.example/tlog", "https://witness.example/tlog/"]) {
      const { witness } = witnessThat(answering(403, ""), url);
      await witness.ask("old 0\n\n");
      expect(asked).toMatchObject([
        {
          url: "https://witness.example/tlog/add-checkpoint",
          init: { method: "POST", redirect: "error", body: "old 0\n\n" },
        },
      ]);
      expect(asked[0]?.init?.signal).toBeInstanceOf(AbortSignal);
    }
  });

  it("signs for a function URL of Lambda, as AWS's signature version 4 says", async () => {
    const { witness } = witnessThat(answering(403, ""), functionUrl);
    await witness.ask("old 0\n\n");
    const headers = asked[0]?.init?.headers as Record<string, string>;
    expect(asked[0]?.url).toBe(`${functionUrl}add-checkpoint`);
    expect(headers["authorization"]).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKID\/20261128\/eu-central-1\/lambda\/aws4_request, SignedHeaders=[a-z0-9;-]*host;[a-z0-9;-]*, Signature=[0-9a-f]{64}$/,
    );
    expect(headers).toMatchObject({ "x-amz-security-token": "token", "x-amz-date": "20261128T110000Z" });
    expect(headers).not.toHaveProperty("host");
  });

  it.each([
    "https://witness.example/",
    "https://lambda-url.eu-central-1.on.aws.witness.example/",
    "https://abc.lambda-url.eu-central-1.on.aws.evil.example/",
    "https://x.abc.lambda-url.eu-central-1.on.aws/",
  ])("sends %s nothing of its credentials", async (url) => {
    const { witness, credentialsUsed } = witnessThat(answering(403, ""), url);
    await witness.ask("old 0\n\n");
    expect(credentialsUsed()).toBe(0);
    expect(asked[0]?.init?.headers).toEqual({ "content-type": "text/plain; charset=utf-8" });
  });
});
