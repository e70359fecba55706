import { describe, expect, it } from "vitest";
import { GuardError } from "../../lib/domain/guard-error.ts";
import {
  caseOne,
  click,
  createTestApproval,
  now,
  type Sent,
  secret,
  send,
  signed,
  submission,
  workspace,
} from "../doubles/approval.ts";
import { keyArn } from "../doubles/key-world.ts";

const keep = click("bob", "keep");
const good = signed(keep);
const asked = ["deletion-detected", "decided", "restore-intended", "key-restored", "key-usable", "approval-requested"];
const withHeaders = (change: Record<string, string>): Sent => ({ ...good, headers: { ...good.headers, ...change } });

describe("anyone who is not Slack", () => {
  it.each<[string, Sent, string]>([
    ["signs with another secret", signed(keep, { key: `${secret.slice(1)}0` }), "CALLBACK_FORGED"],
    ["repeats an old callback", signed(keep, { at: now - 301_000 }), "CALLBACK_STALE"],
    ["comes from the future", signed(keep, { at: now + 301_000 }), "CALLBACK_STALE"],
    ["does not sign", { body: good.body }, "CALLBACK_FORGED"],
    [
      "sends the signature twice",
      withHeaders({ "x-slack-signature": `${good.headers?.["x-slack-signature"]},v0=0` }),
      "CALLBACK_FORGED",
    ],
    ["signs another body", { ...good, body: `${String(good.body)}&x=1` }, "CALLBACK_FORGED"],
    ["sends nothing", { body: "" }, "CALLBACK_FORGED"],
    ["sends a megabyte", { body: "x".repeat(1_000_000), headers: good.headers ?? {} }, "CALLBACK_FORGED"],
  ])("and %s learns nothing", async (_, sent, code) => {
    const world = await createTestApproval();
    expect(await send(world, sent)).toEqual({ statusCode: 401, body: "" });
    expect([world.kinds(), world.codes(), world.counted]).toEqual([asked, [code], ["CallbacksRefused"]]);
    expect([world.looked, world.whispers, world.dialogs]).toEqual([[], [], []]);
  });
});

describe("a callback that Slack signed", () => {
  it.each<[string, unknown, number, string]>([
    ["of another workspace", { ...keep, team: { id: "T0OTHER" } }, 200, "WORKSPACE_FOREIGN"],
    ["of another app", { ...keep, api_app_id: "A0OTHER" }, 200, "WORKSPACE_FOREIGN"],
    ["that is no JSON", "{", 400, "CALLBACK_MALFORMED"],
    ["of an unknown type", { ...keep, type: "shortcut" }, 400, "CALLBACK_MALFORMED"],
    ["without a user", { ...keep, user: undefined }, 400, "CALLBACK_MALFORMED"],
    ["with an invalid user", { ...keep, user: { id: "bob@example.com" } }, 400, "CALLBACK_MALFORMED"],
    ["about no case", click("bob", "keep", "no case"), 400, "CALLBACK_MALFORMED"],
    [
      "with thousands of actions",
      { ...keep, actions: Array.from({ length: 26 }, () => ({ action_id: "keep", value: caseOne })) },
      400,
      "CALLBACK_MALFORMED",
    ],
    [
      "of a dialog that belongs to another app",
      submission("bob", "x", {
        view: { id: "V", callback_id: "other", private_metadata: caseOne, state: { values: {} } },
      }),
      400,
      "CALLBACK_MALFORMED",
    ],
  ])("%s records nothing, and its code is in the log", async (_, payload, status, code) => {
    const world = await createTestApproval();
    expect((await send(world, signed(payload))).statusCode).toBe(status);
    expect([world.kinds(), world.codes(), world.counted]).toEqual([asked, [code], ["CallbacksRefused"]]);
  });

  it.each([
    ["of a whole Enterprise Grid, by a user of ours", { id: "U0BOB", team_id: workspace.teamId }, true],
    ["of a whole Enterprise Grid, by a user of another workspace", { id: "U0BOB", team_id: "T0OTHER" }, false],
    ["of a whole Enterprise Grid, by a user of none", { id: "U0BOB" }, false],
  ])("%s names its workspace by the user", async (_, user, counts) => {
    const world = await createTestApproval();
    expect((await send(world, signed({ ...keep, team: null, user }))).statusCode).toBe(200);
    expect(world.kinds().length).toBe(asked.length + (counts ? 2 : 0));
    expect(world.codes()).toEqual(counts ? [] : ["WORKSPACE_FOREIGN"]);
  });

  it("is not found in a stack without Slack, which reads no secret for it", async () => {
    let reads = 0;
    const read = async () => {
      reads += 1;
      return secret;
    };
    const world = await createTestApproval({ signingSecret: { read, readAgain: read } });
    const { workspace: _workspace, ...without } = world.routes.approval;
    world.routes = { ...world.routes, approval: without };
    expect(await send(world, good)).toEqual({ statusCode: 404, body: "" });
    expect([reads, world.kinds(), world.counted]).toEqual([0, asked, []]);
  });

  it("that is too large for the queue is refused", async () => {
    const world = await createTestApproval();
    expect((await send(world, signed({ ...keep, note: "x".repeat(150_000) }))).statusCode).toBe(400);
    expect([world.kinds(), world.codes()]).toEqual([asked, ["CALLBACK_MALFORMED"]]);
  });

  it.each([
    ["does not exist", click("bob", "keep", `${keyArn("nosuchkey0000000")}#1`)],
    ["is a later one", click("bob", "keep", `${keyArn()}#2`)],
  ])("about a case that %s tells the person alone", async (_, payload) => {
    const world = await createTestApproval();
    expect((await send(world, signed(payload))).statusCode).toBe(200);
    expect(world.kinds()).toEqual(asked);
    expect(world.receipts.all()).toMatchObject([{ accepted: false, verdict: "nothing.refused.CASE_UNKNOWN" }]);
    expect(world.whispers).toEqual([["U0BOB", "There is no such case here any more, so nothing was recorded."]]);
  });

  it("is asked to come back when the secret cannot be read", async () => {
    const unreadable = async () => await Promise.reject(new GuardError("SECRET_UNAVAILABLE", "retry", "down"));
    const world = await createTestApproval({ signingSecret: { read: unreadable, readAgain: unreadable } });
    expect(await send(world, good)).toEqual({ statusCode: 503, body: "" });
  });

  it("is accepted after the secret was rotated, which is read again for it", async () => {
    const rotated = `${secret.slice(1)}0`;
    let rereads = 0;
    const readAgain = async () => {
      rereads += 1;
      // The approval and the votes function read it, each for itself.
      return rereads <= 2 ? rotated : undefined;
    };
    const world = await createTestApproval({ signingSecret: { read: async () => secret, readAgain } });
    expect((await send(world, signed(keep, { key: rotated }))).statusCode).toBe(200);
    expect((await send(world, signed(keep, { key: "0".repeat(32) }))).statusCode).toBe(401);
    expect([rereads, world.kinds().length]).toEqual([3, asked.length + 2]);
  });

  it("that neither the old nor the rotated secret signed is refused", async () => {
    const rotated = `${secret.slice(1)}0`;
    const signingSecret = { read: async () => secret, readAgain: async () => rotated };
    const world = await createTestApproval({ signingSecret });
    expect((await send(world, signed(keep, { key: "0".repeat(32) }))).statusCode).toBe(401);
    expect([world.kinds(), world.codes()]).toEqual([asked, ["CALLBACK_FORGED"]]);
  });

  it("with the old secret is refused once the rotated one is known", async () => {
    const rotated = `${secret.slice(1)}0`;
    const signingSecret = { read: async () => rotated, readAgain: async () => undefined };
    const world = await createTestApproval({ signingSecret });
    expect((await send(world, signed(keep))).statusCode).toBe(401);
    expect([world.kinds(), world.codes()]).toEqual([asked, ["CALLBACK_FORGED"]]);
  });

  it("about something that needs no answer is thanked", async () => {
    const world = await createTestApproval();
    for (const payload of [
      click("bob", "a-link"),
      { type: "view_closed", team: { id: workspace.teamId }, user: { id: "U0BOB" }, api_app_id: workspace.appId },
    ])
      expect(await send(world, signed(payload))).toEqual({ statusCode: 200, body: "" });
    expect(world.codes()).toEqual([]);
  });
});

describe("any other request", () => {
  it.each([
    ["GET /", 404, ""],
    ["$default", 404, ""],
  ])("%s finds nothing", async (route, status, _body) => {
    const world = await createTestApproval();
    expect((await send(world, { ...good, route })).statusCode).toBe(status);
    expect(world.kinds()).toEqual(asked);
  });

  it("that is no proven vote is refused with a code", async () => {
    const world = await createTestApproval();
    const answer = await send(world, { body: "{}", route: "POST /votes" });
    expect([answer.statusCode, answer.body]).toEqual([400, '{"code":"VOTE_MALFORMED"}']);
  });
});
