import { describe, expect, it } from "vitest";
import type { CliContext } from "../../cli/context.ts";
import { run } from "../../cli/run.ts";

const name = "arn:aws:payment-cryptography:eu-central-1:111122223333:key/kwapwa6qaifllw2h#1";
const endpoint = "https://api.example.com";
const cast = ["keep", name, "--reason", "mine"];

/** What the stack answers to a request, by its path. */
type Answer = (path: string) => Promise<Response>;

/** The command on a machine that answers every request with `answer`. */
async function ran(args: readonly string[], answer: Answer, changes: Partial<CliContext> = {}) {
  const printed: string[] = [];
  const complained: string[] = [];
  const polled: string[] = [];
  const sent: { url: string; body: { authorization: string; vote: Record<string, unknown> }; init?: RequestInit }[] =
    [];
  const status = await run(args, {
    version: "0.1.0",
    endpoint,
    region: "us-east-1",
    trails: async function* () {},
    logFiles: async function* () {},
    probes: async () => await Promise.reject(new Error("no probes here")),
    health: async () => await Promise.reject(new Error("no health here")),
    consoleTools: async () => await Promise.reject(new Error("no console here")),
    deploymentTools: async () => await Promise.reject(new Error("no checkout here")),
    keys: async () => await Promise.reject(new Error("no keys here")),
    invokeSweep: async () => ({ kind: "busy" }),
    releaseFolder: "",
    signIn: async () => await Promise.reject(new Error("no accounts here")),
    timer: () => () => {},
    aliasTarget: async () => undefined,
    pause: async () => {},
    progress: () => {},
    credentials: async () => ({ accessKeyId: "AKIABOBBOBBOBBOBBOB1", secretAccessKey: "s" }),
    clock: () => 1_716_839_394_000,
    fetch: async (input, init) => {
      const { url } = new Request(input);
      if (init?.body !== undefined) sent.push({ url, body: JSON.parse(String(init.body)), init });
      else polled.push(url);
      return await answer(new URL(url).pathname);
    },
    colours: false,
    print: (line) => printed.push(line),
    printError: (line) => complained.push(line),
    ...changes,
  });
  return { status, out: printed.join("\n"), err: complained.join("\n"), sent, polled };
}

const says = (status: number, reply: unknown) => async () => new Response(JSON.stringify(reply), { status });
const receipt = "5e".repeat(32);
/** A stack that takes the request, and has judged it by the poll number `polls`. */
const judges = (verdict: object, polls = 1): Answer => {
  let waits = polls;
  return async (path) => {
    if (path.endsWith("/votes")) return await says(202, { receipt })();
    waits -= 1;
    return await (waits > 0 ? says(202, { receipt }) : says(200, verdict))();
  };
};
const fine = judges({ accepted: true, message: "Vote recorded." });

describe("a clock that is wrong", () => {
  const theirs = 1_716_839_394_000 + 900_000;
  const late = (headers: Record<string, string>) => async () =>
    new Response(JSON.stringify({ code: "VOTE_EXPIRED" }), { status: 403, headers });

  it("is set by the stack's own: the vote is signed again, once", async () => {
    const date = new Date(theirs).toUTCString();
    const { status, sent } = await ran(cast, late({ date }));
    expect([status, sent.length]).toEqual([1, 2]);
    expect(sent.map(({ body }) => body.vote["expiresAt"])).toEqual([1_716_839_394_000 + 150_000, theirs + 150_000]);
  });

  it.each([
    {},
    { date: "yesterday" },
    { date: new Date(1_716_839_394_000 + 30_000).toUTCString() },
    // Too far from this machine's own: nobody gets a signature for another day by answering with its date.
    { date: new Date(1_716_839_394_000 + 901_000).toUTCString() },
    { date: new Date(1_716_839_394_000 - 86_400_000).toUTCString() },
  ])("is not, where the answer does not say so, or names another time: %j", async (headers) => {
    expect((await ran(cast, late(headers))).sent).toHaveLength(1);
  });
});

describe("what was typed wrongly", () => {
  it.each<[string, readonly string[], string]>([
    ["a command with a slip", ["aprove", name, "--reason", "x"], "unknown command `aprove` (did you mean approve?)"],
    ["another choice", ["delete", name, "--reason", "x"], "unknown command `delete`"],
    ["no case", ["keep", "--reason", "x"], "missing required argument `case`"],
    [
      "two letters",
      ["keep", "2h", "--reason", "x"],
      "expected a case such as <key ARN>#1, or a key's id, ARN or alias",
    ],
    ["a word that is no number", ["keep", `${name}x`, "--reason", "x"], "expected a case such as <key ARN>#1"],
    ["generation 0", ["keep", name.replace("#1", "#0"), "--reason", "x"], "expected a case such as <key ARN>#1"],
    ["two cases", ["keep", name, name, "--reason", "x"], "too many arguments for `keep`"],
    ["a pause of a case", ["pause", name, "--for", "1h", "--reason", "x"], "too many arguments for `pause`"],
    ["a pause without a time", ["pause", "--reason", "x"], "expected --for DURATION, or --end"],
    ["a pause that ends and begins", ["pause", "--end", "--for", "1h", "--reason", "x"], "expected --for DURATION, or"],
    [
      "a pause of no time",
      ["pause", "--for", "0m", "--reason", "x"],
      "expected a duration such as 90m or 4h, found `0m`",
    ],
    ["no reason", ["keep", name], "expected a reason: --reason TEXT"],
    ["a blank reason", ["keep", name, "--reason", " "], "expected a reason: --reason TEXT"],
    ["a long reason", ["keep", name, "--reason", "x".repeat(501)], "at most 500 characters, found 501"],
    ["a reason without text", ["keep", name, "--reason"], "option `--reason <text>` argument missing"],
    ["another option", [...cast, "--force"], "unknown option `--force`"],
    ["a text for a switch", [...cast, "--json=1"], "unknown option `--json=1`"],
    ["an invalid region", [...cast, "--region", "us-east-1.evil.com/"], "expected a region such as us-east-1"],
    ["an invalid endpoint", [...cast, "--endpoint", "api"], "expected a URL for the endpoint, found `api`"],
    ["plain http", [...cast, "--endpoint", "http://api.example.com"], "expected https for the endpoint"],
    ["a password", [...cast, "--endpoint", "https://a:b@api.example.com"], "expected a URL for the endpoint"],
    ["a query", [...cast, "--endpoint", "https://api.example.com/?x=1"], "expected a URL for the endpoint"],
    ["another STS over http", [...cast, "--sts-url", "http://sts.example.com"], "expected https for --sts-url"],
  ])("is said, and nothing is sent: %s", async (_, args, message) => {
    const { status, out, err, sent } = await ran(args, fine);
    expect([status, out, sent]).toEqual([2, "", []]);
    expect(err).toContain(message);
    expect(err).toMatch(/run `reprieve (keep |pause )?--help` for usage$/);
  });

  it.each<[readonly string[], string]>([
    [[...cast, "--reason", "yours"], "keep"],
    [["deploy", "--stage", "test", "--check", "--stage", "prod"], "deploy"],
    [["deploy", "--stage", "test", "init", "--stage", "prod"], "deploy init"],
    [["--config", "a.yaml", "--config", "b.yaml", "doctor"], ""],
  ])("refuses an option that is given twice: %j", async (args, command) => {
    const { status, err, sent } = await ran(args, fine);
    expect([status, sent]).toEqual([2, []]);
    expect(err).toMatch(/option `--\w+` is given twice/);
    if (command === "keep") expect(err).toContain("run `reprieve keep --help` for usage");
  });

  it("names the endpoint that is missing", async () => {
    const { status, err } = await ran(cast, fine, { endpoint: undefined });
    expect(status).toBe(2);
    expect(err).toContain("--endpoint URL, or REPRIEVE_ENDPOINT");
  });

  it("shows what was typed without doing what it says", async () => {
    const { err } = await ran(["keep", "\u001b[2J`#1", "--reason", "x"], fine);
    expect(err).toContain("found `\\u{1b}[2J'#1`");
  });
});

describe("a vote from the terminal", () => {
  it("goes to the endpoint, for its address, signed for the region of the key, and soon expires", async () => {
    const { status, sent } = await ran([...cast, "--endpoint", "https://API.example.com:443/prod//"], fine);
    expect(status).toBe(0);
    expect(sent).toMatchObject([
      {
        url: "https://api.example.com/prod/votes",
        init: { method: "POST", redirect: "error" },
        body: { vote: { audience: "https://api.example.com/prod", expiresAt: 1_716_839_544_000 } },
      },
    ]);
    expect(sent[0]?.body.authorization).toContain("/20240527/eu-central-1/sts/aws4_request");
  });

  it("goes to the local world with --local, and is signed for the STS that it is", async () => {
    const { sent } = await ran([...cast, "--local"], fine);
    expect(sent).toMatchObject([
      { url: "http://127.0.0.1:4700/votes", body: { vote: { audience: "http://127.0.0.1:4700" } } },
    ]);
  });

  it("takes the region that is named", async () => {
    const { sent } = await ran([...cast, "--region", "us-east-1"], fine);
    expect(sent[0]?.body.authorization).toContain("/20240527/us-east-1/sts/aws4_request");
  });

  it.each<[string, readonly string[], number | "end"]>([
    ["begins", ["--for", "90m"], 5_400_000],
    ["ends", ["--end"], "end"],
  ])("%s a pause, signed for the region of this machine", async (_, how, pause) => {
    const { status, out, sent } = await ran(["pause", ...how, "--reason", "INC-7"], fine, { region: "eu-west-1" });
    expect([status, out]).toEqual([0, "✓ Vote recorded."]);
    expect(sent[0]?.body.vote).toMatchObject({ pause, reason: "INC-7", audience: endpoint });
    expect(sent[0]?.body.authorization).toContain("/eu-west-1/sts/aws4_request");
    const { out: json } = await ran(["pause", ...how, "--reason", "INC-7", "--json"], fine);
    expect(JSON.parse(json)).toEqual({ accepted: true, message: "Vote recorded.", outcome: "judged", pause });
  });

  it("keeps no secret and no token of nobody in what it sends", async () => {
    const credentials = async () => ({
      accessKeyId: "AKIABOBBOBBOBBOBBOB1",
      secretAccessKey: "hush",
      sessionToken: "",
    });
    const { sent } = await ran(cast, fine, { credentials });
    expect(JSON.stringify(sent)).not.toContain("hush");
    expect(sent[0]?.body).not.toHaveProperty("securityToken");
  });

  it("shows colours where there are some", async () => {
    const { out } = await ran(cast, fine, { colours: true });
    expect(out).toContain("\u001b[32m✓\u001b[39m Vote recorded.");
  });
});

describe("what the stack answers", () => {
  it.each<[string, Answer, string]>([
    ["that it does not count", judges({ accepted: false, message: "It was yours." }), "✗ It was yours."],
    ["VOTE_EXPIRED", says(403, { code: "VOTE_EXPIRED" }), "set this machine's clock"],
    ["CALLER_UNPROVEN", says(403, { code: "CALLER_UNPROVEN" }), "sign in again"],
    ["CASE_UNKNOWN", says(404, { code: "CASE_UNKNOWN" }), "the one of the notice"],
    ["CALLER_EXPIRED", says(403, { code: "CALLER_EXPIRED" }), "credentials have expired"],
    ["that it waits", judges({}, 1000), "not judged it within a minute"],
    ["VOTE_MALFORMED", says(400, { code: "VOTE_MALFORMED" }), "update reprieve"],
    ["STS_UNAVAILABLE", says(503, { code: "STS_UNAVAILABLE" }), "vote again in a minute"],
    ["a code of tomorrow", says(503, { code: "NEVER_HEARD_OF" }), "not recorded (NEVER_HEARD_OF): the stack could not"],
    ["an invalid code", says(400, { code: "\u001b[2J" }), "no answer from `https://api.example.com`"],
    ["nearly yes", says(202, { receipt: "x" }), "it answered 202, and nothing of ours"],
    ["a verdict at once", says(200, { accepted: true, message: "x" }), "it answered 200, and nothing of ours"],
    ["an invalid verdict", judges({ accepted: "true", message: "x" }), "not judged it within a minute"],
    ["yes with another status", says(201, { accepted: true, message: "x" }), "it answered 201, and nothing of ours"],
    ["a page", async () => new Response("<html>"), "it answered 200, and nothing of ours"],
    [
      "nothing",
      async () => await Promise.reject(new TypeError("fetch failed", { cause: new Error("ECONNREFUSED") })),
      "ECONNREFUSED",
    ],
    ["too late", async () => await Promise.reject(new DOMException("x", "TimeoutError")), "it said nothing for 15 s"],
  ])("ends with status 1 and a word on what to do: %s", async (_, answer, message) => {
    const { status, out, err } = await ran(cast, answer);
    expect([status, out]).toEqual([1, ""]);
    expect(err).toContain(message);
  });

  it("is read from the receipt, which is polled until it holds the verdict", async () => {
    const failing: Answer = async (path) =>
      path.endsWith("/votes") ? await says(202, { receipt })() : Response.error();
    const { status, polled } = await ran(cast, judges({ accepted: true, message: "fine" }, 7));
    expect([status, polled.length, polled[0]]).toEqual([0, 7, `${endpoint}/receipts/${receipt}`]);
    const unread = await ran([...cast, "--json"], failing);
    expect([unread.status, unread.polled.length, JSON.parse(unread.out)]).toMatchObject([
      1,
      60,
      { accepted: false, outcome: "waiting", receipt },
    ]);
  });

  it("is shown without doing what it says", async () => {
    const { out } = await ran(cast, judges({ accepted: true, message: "\u001b]0;owned\u0007 fine" }));
    expect(out).toContain("✓ \\u{1b}]0;owned\\u{7} fine");
  });

  it.each<[Answer, object]>([
    [judges({ accepted: false, message: "It was yours." }), { outcome: "judged", message: "It was yours." }],
    [says(403, { code: "CALLER_UNPROVEN" }), { outcome: "refused", code: "CALLER_UNPROVEN" }],
    [says(500, {}), { outcome: "no-answer", why: "it answered 500, and nothing of ours" }],
  ])("goes to a program as one object", async (answer, expected) => {
    const { status, out, err } = await ran([...cast, "--json"], answer);
    expect([status, err]).toEqual([1, ""]);
    expect(JSON.parse(out)).toEqual({ accepted: false, case: name, choice: "keep", ...expected });
  });
});
