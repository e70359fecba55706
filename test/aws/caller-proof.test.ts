import { describe, expect, it } from "vitest";
import { signVote } from "../../cli/vote/sign-vote.ts";
import {
  identityCall,
  identityCallType,
  type ProofSettings,
  verifyCaller,
  voteHeader,
} from "../../lib/aws/sts/caller-proof.ts";
import { type CastVote, type ProvenVote, parseProvenVote, voteDigest } from "../../lib/aws/sts/proven-vote.ts";
import { parseKeyArn } from "../../lib/domain/key/key-arn.ts";
import { authorizationOf } from "../../local/aws/sts/sig-v4.ts";
import { refused, stsFetch } from "../../local/aws/sts/sts.ts";

const region = "us-east-1";
const stsUrl = "https://sts.us-east-1.amazonaws.com/";
const audience = "https://a1b2c3.execute-api.us-east-1.amazonaws.com";
/** 2024-05-27T19:49:54Z */
const now = 1_716_839_394_000;
const amzDate = "20240527T194954Z";

const keyArn = parseKeyArn("arn:aws:payment-cryptography:us-east-1:111122223333:key/kwapwa6qaifllw2h");
if (keyArn === undefined) throw new TypeError("no key ARN");
const vote: CastVote = {
  case: { keyArn, generation: 1 },
  choice: "approve",
  reason: "replaced on 27 May, ticket 4711",
  expiresAt: 1_716_839_514_000,
  audience,
};

const alice = { accessKeyId: "ASIAALICEALICEALICE1", secretAccessKey: "alice's own", sessionToken: "IQoJb3JpZ2lu/+==" };
const bob = { accessKeyId: "AKIABOBBOBBOBBOBBOB1", secretAccessKey: "bob's own" };
const callers = {
  [alice.accessKeyId]: {
    secret: alice.secretAccessKey,
    token: alice.sessionToken,
    identity: {
      Account: "111122223333",
      Arn: "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Custodian_0123456789abcdef/alice@example.com",
      UserId: "AROACUSTODIANCUSTODIA:alice@example.com",
    },
  },
  [bob.accessKeyId]: {
    secret: bob.secretAccessKey,
    identity: { Account: "111122223333", Arn: "arn:aws:iam::111122223333:user/bob", UserId: "AIDABOBBOBBOBBOBBOB12" },
  },
};

function setUp(changes: Partial<ProofSettings> = {}) {
  const sts = stsFetch({ region, now: () => now, callers });
  const settings: ProofSettings = { region, stsUrl, audience, now, fetch: sts.fetch, ...changes };
  return { settings, arrived: sts.arrived };
}

const proven = async (changes: Partial<CastVote> = {}, credentials = alice) =>
  await signVote({ ...vote, ...changes }, { region, credentials, now });

const failure = async (attempt: ProvenVote, changes: Partial<ProofSettings> = {}) => {
  const { settings, arrived } = setUp(changes);
  const code = await verifyCaller(attempt, settings).then(
    () => "nothing thrown",
    (error: { code?: string }) => error.code,
  );
  return { code, asked: arrived.length };
};

const parseFailure = (text: string) => {
  try {
    parseProvenVote(text);
    return "nothing thrown";
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

describe("a vote with its proof", () => {
  it("names its caller, a role's session or a user", async () => {
    const { settings } = setUp();
    expect(await verifyCaller(parseProvenVote(JSON.stringify(await proven())), settings)).toEqual({
      account: "111122223333",
      arn: "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Custodian_0123456789abcdef/alice@example.com",
      userId: "AROACUSTODIANCUSTODIA:alice@example.com",
    });
    const byBob = await signVote(vote, { region, credentials: bob, now });
    expect(await verifyCaller(byBob, settings)).toMatchObject({ arn: "arn:aws:iam::111122223333:user/bob" });
  });

  it("asks our own STS for one identity and nothing else", async () => {
    const { settings, arrived } = setUp();
    const attempt = await proven();
    await verifyCaller(attempt, settings);
    expect(arrived).toEqual([
      {
        url: stsUrl,
        method: "POST",
        path: "/",
        query: "",
        body: "Action=GetCallerIdentity&Version=2011-06-15",
        headers: {
          accept: "application/json",
          authorization: attempt.authorization,
          "content-type": "application/x-www-form-urlencoded; charset=utf-8",
          host: "sts.us-east-1.amazonaws.com",
          "x-amz-date": amzDate,
          "x-amz-security-token": alice.sessionToken,
          "x-reprieve-vote": voteDigest(vote),
        },
      },
    ]);
  });

  it("has one digest per vote, whatever the order of its fields", () => {
    const { audience: a, expiresAt, reason, choice } = vote;
    const turned = { audience: a, expiresAt, reason, choice, case: { generation: 1, keyArn: vote.case.keyArn } };
    expect(voteDigest(turned)).toBe(voteDigest(vote));
    expect(voteDigest(vote)).toMatch(/^[0-9a-f]{64}$/);
  });
});

/** What a hostile client could sign instead; all else as our own client does it. */
interface Forgery {
  readonly method?: string;
  readonly host?: string;
  readonly path?: string;
  readonly query?: string;
  readonly body?: string;
  readonly signed?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly scope?: object;
}

const usual = ["content-type", "host", "x-amz-date", voteHeader];

/** `vote` with a signature of bob's over something else. */
function forged(by: Forgery): ProvenVote {
  const { method = "POST", host = "sts.us-east-1.amazonaws.com", path = "/", query = "", body = identityCall } = by;
  const own = { host, "content-type": identityCallType, "x-amz-date": amzDate, [voteHeader]: voteDigest(vote) };
  const request = { method, path, query, body, headers: { ...own, ...by.headers } };
  const scope = { accessKeyId: bob.accessKeyId, date: "20240527", region, service: "sts", ...by.scope };
  return { vote, amzDate, authorization: authorizationOf(request, by.signed ?? usual, scope, bob.secretAccessKey) };
}

const unproven = { code: "CALLER_UNPROVEN" };

describe("a signature over something else", () => {
  it("is made by the forger of these tests as our client makes it", async () => {
    const { settings } = setUp();
    expect(await verifyCaller(forged({}), settings)).toMatchObject({ userId: "AIDABOBBOBBOBBOBBOB12" });
  });

  it.each<[string, Forgery]>([
    ["another host", { host: "sts.amazonaws.com" }],
    ["a host of the forger's", { host: "sts.us-east-1.amazonaws.com.example.com" }],
    ["another path", { path: "/latest/meta-data/" }],
    ["a query", { query: "Action=AssumeRole" }],
    ["another method", { method: "GET" }],
    ["another action", { body: "Action=GetSessionToken&Version=2011-06-15" }],
    ["another content type", { headers: { "content-type": "text/plain" } }],
    ["a digest that has an end of line", { headers: { [voteHeader]: `${voteDigest(vote)}\r\nx-evil: 1` } }],
    ["no digest", { headers: { [voteHeader]: "" } }],
  ])("is refused by STS: %s", async (_, forgery) => {
    expect(await failure(forged(forgery))).toEqual({ ...unproven, asked: 1 });
  });

  it.each<[string, Forgery]>([
    ["without our header", { signed: ["content-type", "host", "x-amz-date"] }],
    ["without the host", { signed: ["content-type", "x-amz-date", voteHeader] }],
    ["without the date", { signed: ["content-type", "host", voteHeader] }],
    ["without the content type", { signed: ["host", "x-amz-date", voteHeader] }],
    ["with a header that we do not send", { signed: ["content-type", "host", "x-amz-date", "x-extra", voteHeader] }],
    ["with our header twice", { signed: [...usual, voteHeader] }],
    [
      "with the token of nobody",
      { signed: ["content-type", "host", "x-amz-date", "x-amz-security-token", voteHeader] },
    ],
    ["in capitals", { signed: ["content-type", "host", "x-amz-date", "X-Reprieve-Vote"] }],
    ["for another region", { scope: { region: "eu-west-1" } }],
    ["for another service", { scope: { service: "s3" } }],
    ["for another day", { scope: { date: "20240526" } }],
  ])("never gets to STS: %s", async (_, forgery) => {
    expect(await failure(forged(forgery))).toEqual({ ...unproven, asked: 0 });
  });

  it("never gets to STS with a session token that is not signed", async () => {
    expect(await failure({ ...forged({}), securityToken: "token" })).toEqual({ ...unproven, asked: 0 });
  });

  it.each([
    ["an end of line", (text: string) => `${text}\nx-evil: 1`],
    ["two of them", (text: string) => `${text}, ${text}`],
    ["a field more", (text: string) => text.replace("SignedHeaders", "Extra=1, SignedHeaders")],
    ["another algorithm", (text: string) => text.replace("HMAC-SHA256", "ECDSA-P256-SHA256")],
    ["spaces left out", (text: string) => text.replaceAll(", ", ",")],
  ])("never gets to STS in an odd form: %s", async (_, change) => {
    const attempt = await proven();
    expect(await failure({ ...attempt, authorization: change(attempt.authorization) })).toEqual({
      ...unproven,
      asked: 0,
    });
  });
});

describe("a vote that was changed after it was signed", () => {
  it.each<[string, Partial<CastVote>]>([
    ["choice", { choice: "keep" }],
    ["reason", { reason: "replaced on 28 May, ticket 4711" }],
    ["generation", { case: { keyArn, generation: 2 } }],
    ["key", { case: { keyArn: keyArn.replace("kwap", "kwaq") as typeof keyArn, generation: 1 } }],
    ["expiry", { expiresAt: 1_716_839_514_001 }],
  ])("is refused by STS: %s", async (_, change) => {
    const attempt = await proven();
    expect(await failure({ ...attempt, vote: { ...vote, ...change } })).toEqual({ ...unproven, asked: 1 });
  });

  it("counts for no other stack, neither as it is nor with the audience changed", async () => {
    const foreign = await proven({ audience: "https://z9.execute-api.us-east-1.amazonaws.com" });
    expect(await failure(foreign)).toEqual({ ...unproven, asked: 0 });
    expect(await failure({ ...foreign, vote })).toEqual({ ...unproven, asked: 1 });
  });

  it("is refused with someone else's session token", async () => {
    expect(await failure({ ...(await proven()), securityToken: "IQoJb3JpZ2lu/+=A" })).toEqual({
      code: "CALLER_EXPIRED",
      asked: 1,
    });
  });
});

describe("the time of a vote", () => {
  const expired = { code: "VOTE_EXPIRED", asked: 0 };

  it.each([
    ["expired just now", 1_716_839_394_000],
    ["expired long ago", 0],
    ["valid for more than 5 minutes", 1_716_839_694_001],
    ["valid forever", Number.MAX_SAFE_INTEGER],
  ])("is refused: %s", async (_, expiresAt) => {
    expect(await failure(await proven({ expiresAt }))).toEqual(expired);
  });

  it.each([1_716_839_394_001, 1_716_839_694_000])("is accepted at either end: %d", async (expiresAt) => {
    const { settings } = setUp();
    expect(await verifyCaller(await proven({ expiresAt }), settings)).toMatchObject({ account: "111122223333" });
  });

  it.each([1_716_839_093_000, 1_716_839_695_000])("is refused if it was signed at %d", async (signedAt) => {
    expect(await failure(await signVote(vote, { region, credentials: alice, now: signedAt }))).toEqual(expired);
  });

  it("is refused if it was signed at an invalid time", async () => {
    expect(await failure({ ...(await proven()), amzDate: "20249927T194954Z" })).toEqual(expired);
  });
});

describe("what comes over the wire", () => {
  it.each<[string, (attempt: Record<string, unknown>) => unknown]>([
    ["a host", (attempt) => ({ ...attempt, host: "evil.example.com" })],
    ["a URL", (attempt) => ({ ...attempt, url: "http://169.254.169.254/" })],
    ["a body", (attempt) => ({ ...attempt, body: "Action=AssumeRole" })],
    ["headers", (attempt) => ({ ...attempt, headers: { "x-extra": "1" } })],
    ["a field more in the vote", (attempt) => ({ ...attempt, vote: { ...vote, voter: "alice" } })],
    ["a field more in the case", (attempt) => ({ ...attempt, vote: { ...vote, case: { ...vote.case, extra: 1 } } })],
    ["no vote", ({ vote: _, ...rest }) => rest],
    ["another choice", (attempt) => ({ ...attempt, vote: { ...vote, choice: "delete" } })],
    ["no reason", (attempt) => ({ ...attempt, vote: { ...vote, reason: "" } })],
    ["a blank reason", (attempt) => ({ ...attempt, vote: { ...vote, reason: " \n" } })],
    ["a reason too long", (attempt) => ({ ...attempt, vote: { ...vote, reason: "a".repeat(501) } })],
    ["half a character", (attempt) => ({ ...attempt, vote: { ...vote, reason: "a\ud800" } })],
    ["a fraction of a time", (attempt) => ({ ...attempt, vote: { ...vote, expiresAt: 1.5 } })],
    ["a time in words", (attempt) => ({ ...attempt, vote: { ...vote, expiresAt: "1716839514000" } })],
    ["an alias", (attempt) => ({ ...attempt, vote: { ...vote, case: { keyArn: "alias/x", generation: 1 } } })],
    ["generation 0", (attempt) => ({ ...attempt, vote: { ...vote, case: { keyArn, generation: 0 } } })],
    ["a line more in the authorization", (attempt) => ({ ...attempt, authorization: "AWS4\r\nx-evil: 1" })],
    ["a line more in the token", (attempt) => ({ ...attempt, securityToken: "a\r\nx-evil: 1" })],
    ["a space around the token", (attempt) => ({ ...attempt, securityToken: " a" })],
    ["a line more in the date", (attempt) => ({ ...attempt, amzDate: `${amzDate}\nx` })],
    ["a date of another form", (attempt) => ({ ...attempt, amzDate: "2024-05-27T19:49:54Z" })],
    ["a list", (attempt) => [attempt]],
    ["nothing", () => null],
  ])("is no vote: %s", async (_, change) => {
    expect(parseFailure(JSON.stringify(change({ ...(await proven()) })))).toBe("VOTE_MALFORMED");
  });

  it.each([
    ["nothing", ""],
    ["half of it", "{"],
    ["XML", "<Vote/>"],
    ["text", '"text"'],
    ["very deep", "[".repeat(10_000)],
  ])("is no vote: %s in place of JSON", (_, text) => {
    expect(parseFailure(text)).toBe("VOTE_MALFORMED");
  });

  it("is no vote above 16 KB, counted in bytes", async () => {
    const text = JSON.stringify(await proven());
    expect(parseFailure(text.padEnd(16_384))).toBe("nothing thrown");
    expect(parseFailure(text.padEnd(16_385))).toBe("VOTE_MALFORMED");
    const wide = JSON.stringify(await proven({ reason: "€".repeat(500) }));
    expect(parseFailure(wide.padEnd(16_000))).toBe("VOTE_MALFORMED");
  });

  it.each(["__proto__", "constructor", "toString"])("is no vote with a field named %s", async (name) => {
    const text = JSON.stringify(await proven());
    expect(parseFailure(text.replace('"choice"', `"${name}":{"choice":"keep"},"choice"`))).toBe("VOTE_MALFORMED");
  });
});

describe("what STS answers", () => {
  it.each([
    [refused(403, "SignatureDoesNotMatch"), "CALLER_UNPROVEN"],
    [refused(403, "ExpiredToken"), "CALLER_EXPIRED"],
    [refused(403, "InvalidClientTokenId"), "CALLER_EXPIRED"],
    [refused(400, "ExpiredTokenException"), "CALLER_EXPIRED"],
    [refused(500, "ExpiredToken"), "STS_UNAVAILABLE"],
    [refused(400, "IncompleteSignature"), "CALLER_UNPROVEN"],
    [{ status: 403, body: "<ErrorResponse/>" }, "CALLER_UNPROVEN"],
    [refused(400, "Throttling"), "STS_UNAVAILABLE"],
    [refused(429, "TooManyRequests"), "STS_UNAVAILABLE"],
    [refused(500, "InternalFailure"), "STS_UNAVAILABLE"],
    [refused(503, "ServiceUnavailable"), "STS_UNAVAILABLE"],
    [{ status: 404, body: "" }, "STS_UNAVAILABLE"],
    [{ status: 302, body: "" }, "STS_UNAVAILABLE"],
  ])("%j is %s", async ({ status, body }, code) => {
    const answer = async () => new Response(body, { status });
    expect((await failure(await proven(), { fetch: answer })).code).toBe(code);
  });
});
