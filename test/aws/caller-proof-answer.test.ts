import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { signVote } from "../../cli/vote/sign-vote.ts";
import { verifyCaller } from "../../lib/aws/sts/caller-proof.ts";
import { callerFrom } from "../../lib/aws/sts/caller-proof-answer.ts";
import { parseKeyArn } from "../../lib/domain/key/key-arn.ts";
import { identityBody } from "../../local/aws/sts/sts.ts";

const identity = {
  Account: "111122223333",
  Arn: "arn:aws:iam::111122223333:user/bob",
  UserId: "AIDABOBBOBBOBBOBBOB12",
};

const xml = `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>${identity.Arn}</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`;

describe("an identity with another status", () => {
  it.each([201, 206, 300])("says nothing: %d", async (status) => {
    const answer = new Response(identityBody(identity), { status });
    await expect(callerFrom(answer)).rejects.toMatchObject({ code: "STS_UNAVAILABLE" });
  });
});

describe("an answer of STS with status 200", () => {
  it("names the caller", async () => {
    expect(await callerFrom(new Response(identityBody(identity)))).toEqual({
      account: "111122223333",
      arn: "arn:aws:iam::111122223333:user/bob",
      userId: "AIDABOBBOBBOBBOBBOB12",
    });
  });

  it.each([
    ["nothing", ""],
    ["XML", xml],
    ["XML in JSON", JSON.stringify(xml)],
    ["half of it", identityBody(identity).slice(0, -20)],
    ["an identity in the wrong place", JSON.stringify(identity)],
    ["an identity twice", `${identityBody(identity)}${identityBody(identity)}`],
    ["a list", `[${identityBody(identity)}]`],
    ["an account that is a number", identityBody({ ...identity, Account: 111122223333 })],
    ["an account that is not the ARN's", identityBody({ ...identity, Account: "444455556666" })],
    ["no account", identityBody({ Arn: identity.Arn, UserId: identity.UserId })],
    ["an ARN of another service", identityBody({ ...identity, Arn: "arn:aws:s3::111122223333:user/bob" })],
    ["an ARN of nobody", identityBody({ ...identity, Arn: "arn:aws:iam::111122223333:" })],
    ["an ARN over two lines", identityBody({ ...identity, Arn: `${identity.Arn}\nmallory` })],
    ["no unique id", identityBody({ ...identity, UserId: "" })],
    ["an endless unique id", identityBody({ ...identity, UserId: "A".repeat(257) })],
    ["more than 16 KB", identityBody(identity).padEnd(16_385)],
  ])("says nothing if it is %s", async (_, body) => {
    await expect(callerFrom(new Response(body))).rejects.toMatchObject({
      code: "STS_UNAVAILABLE",
      disposition: "retry",
    });
  });
});

function sendForEver(response: ServerResponse): void {
  const timer = setInterval(() => response.write("x".repeat(4096)), 1);
  response.once("close", () => clearInterval(timer));
}

describe("an STS that misbehaves", () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  async function asked(respond: (response: ServerResponse) => void): Promise<unknown> {
    server = createServer((_, response) => respond(response));
    await new Promise<void>((listening) => server?.listen(0, "127.0.0.1", listening));
    const stsUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const keyArn = parseKeyArn("arn:aws:payment-cryptography:us-east-1:111122223333:key/kwapwa6qaifllw2h");
    if (keyArn === undefined) throw new TypeError("no key ARN");
    const now = 1_716_839_394_000;
    const audience = "https://api.example.com";
    const choice = "keep" as const;
    const vote = { case: { keyArn, generation: 1 }, choice, reason: "mine", expiresAt: 1_716_839_454_000, audience };
    const credentials = { accessKeyId: "AKIABOBBOBBOBBOBBOB1", secretAccessKey: "s" };
    const proven = await signVote(vote, { region: "us-east-1", credentials, now, stsUrl });
    return await verifyCaller(proven, { region: "us-east-1", stsUrl, audience, now, fetch });
  }

  it.each<[string, (response: ServerResponse) => void]>([
    ["never answers", () => {}],
    ["never ends its answer", (response) => response.writeHead(200).write("{")],
    ["hangs up", (response) => response.destroy()],
    ["redirects", (response) => response.writeHead(307, { location: "http://169.254.169.254/" }).end()],
    ["sends without end", sendForEver],
  ])("is unavailable: it %s", async (_, respond) => {
    await expect(asked(respond)).rejects.toMatchObject({ code: "STS_UNAVAILABLE" });
  });
});
