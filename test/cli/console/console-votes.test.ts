import { afterEach, describe, expect, it } from "vitest";
import type { CliContext } from "../../../cli/context.ts";
import { byRule, changeChain, changed, stopName, trailOf } from "../../doubles/change-chains.ts";
import { awsError, pagedTable, startConsole } from "../../doubles/console-under-test.ts";
import { t0 } from "../../doubles/key-world.ts";
import { healthy } from "../../doubles/stack-health.ts";
import { asked, caseTrail, permitTrail } from "./trails.ts";

const question = caseTrail("question00000bbb", t0, ...asked);
const permit = permitTrail(t0 + 86_400_000);
const change = trailOf(changeChain(stopName, changed(stopName), byRule));
const receipt = "5e".repeat(32);
let running: Awaited<ReturnType<typeof startConsole>> | undefined;
afterEach(async () => {
  await running?.stop();
});

/** A stack that judges each vote with `verdict`; `sent` is what was posted to it. */
function judging(verdict: object) {
  const sent: { url: string; vote: Record<string, unknown>; authorization: string }[] = [];
  const fetch: CliContext["fetch"] = async (input, init) => {
    const { url } = new Request(input);
    if (init?.method !== "POST") return new Response(JSON.stringify(verdict));
    sent.push({ url, ...JSON.parse(String(init.body)) });
    return new Response(JSON.stringify({ receipt }), { status: 202 });
  };
  return { fetch, sent };
}
const counted = { accepted: true, message: "Vote recorded: 1 of 2 approvals." };
const vote = { place: "", name: question.case, choice: "approve", reason: "CHG-1" };

async function start(args: readonly string[], over: Partial<CliContext> = {}) {
  running = await startConsole(["--stage", "prod", ...args], over, pagedTable([question, permit, change]));
  await running.settled();
  return running;
}

describe("a vote on the page", () => {
  it("is signed by the operator's credentials and sent to the stack, as by the command; then the case is read again", async () => {
    const { fetch, sent } = judging(counted);
    const { post, table, settled, time } = await start([], { fetch });
    const reads = table.reads;
    expect(await post("/vote", vote)).toEqual({ ok: true, text: counted.message });
    expect(sent).toMatchObject([
      {
        url: "https://api.example.com/votes",
        vote: { choice: "approve", reason: "CHG-1", audience: "https://api.example.com" },
        authorization: expect.stringContaining("Credential=AKIABOBBOBBOBBOBBOB1/"),
      },
    ]);
    time.now += 1;
    await settled();
    expect(table.reads).toBe(reads + 1);
  });

  it.each([
    ["approve", "approve"],
    ["keep", "revoke"],
  ])("on a permit for a change is sent as the command sends it: %s", async (choice, command) => {
    const { fetch, sent } = judging({ accepted: true, message: "Approval recorded: 1 of 2." });
    const { post } = await start([], { fetch });
    expect(await post("/vote", { ...vote, name: permit.case, choice })).toEqual({
      ok: true,
      text: "Approval recorded: 1 of 2.",
    });
    expect(sent).toMatchObject([
      {
        url: "https://api.example.com/votes",
        vote: { changePermit: { [command]: permit.case }, reason: "CHG-1", audience: "https://api.example.com" },
        authorization: expect.stringContaining("Credential=AKIABOBBOBBOBBOBBOB1/"),
      },
    ]);
  });

  it("goes where the stack says, else where the environment does; --endpoint wins", async () => {
    const { fetch, sent } = judging(counted);
    const endpoint = "https://env.example.com";
    const apiUrl = async () => await Promise.reject(awsError("AccessDenied"));
    await (await start([], { fetch, endpoint })).post("/vote", vote);
    await running?.stop();
    await (await start([], { fetch, endpoint, health: async () => healthy({ apiUrl }) })).post("/vote", vote);
    await running?.stop();
    await (await start(["--endpoint", "https://given.example.com"], { fetch, endpoint })).post("/vote", vote);
    expect(sent.map(({ url }) => new URL(url).host)).toEqual([
      "api.example.com",
      "env.example.com",
      "given.example.com",
    ]);
  });

  it.each([
    [{ ...vote, name: "arn:aws:payment-cryptography:us-east-1:111122223333:key/elsewhere0000000#1" }],
    [{ ...vote, name: "pause#1" }],
    [{ ...vote, name: permit.case.replace("alias/prod", "alias/other") }],
    [{ ...vote, name: change.case }],
    [{ ...vote, place: "eu-prod" }],
    [{ ...vote, choice: "pause" }],
    [{ ...vote, reason: " " }],
    [{ ...vote, reason: "x".repeat(501) }],
    [{ ...vote, endpoint: "https://evil.example" }],
    [{}],
  ])("that is not one of a case on the page is not sent: %j", async (body) => {
    const { fetch, sent } = judging(counted);
    const { post } = await start([], { fetch });
    expect(await post("/vote", body)).toMatchObject({ ok: false, text: expect.stringContaining("nothing was sent") });
    expect(sent).toEqual([]);
  });

  it("that the stack refuses, or whose credentials are gone, says what to do", async () => {
    const refusing: CliContext["fetch"] = async () =>
      new Response(JSON.stringify({ code: "CALLER_EXPIRED" }), { status: 403 });
    expect(await (await start([], { fetch: refusing })).post("/vote", vote)).toEqual({
      ok: false,
      text: expect.stringContaining("aws sso login"),
    });
    await running?.stop();
    const credentials = async () => await Promise.reject(new Error("no SSO session"));
    const answer = await (await start([], { credentials })).post("/vote", vote);
    expect(answer).toEqual({ ok: false, text: expect.stringContaining("nothing was sent: found no AWS credentials") });
  });

  it("is not cast with --read-only", async () => {
    const { fetch, sent } = judging(counted);
    const { post } = await start(["--read-only"], { fetch });
    expect(await post("/vote", vote)).toEqual({ ok: false, text: expect.stringContaining("--read-only") });
    expect(sent).toEqual([]);
  });
});
