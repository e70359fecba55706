import { createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SlackWorkspace } from "../../../local/slack/workspace.ts";

const signingSecret = "8f742231b10e8888abcd99yyyzzz85a5";
const botToken = "xoxb-local-token";
const channel = "C0PAYMENTS";

/** 2024-05-27T19:49:54Z */
let now = 1_716_839_394_000;
let slack: SlackWorkspace;
let address = "";
let app: Server;
let appUrl = "";
let received: { headers: IncomingHttpHeaders; body: string }[] = [];
/** What the app does with a callback. */
let appSays: (response: ServerResponse) => void = (response) => response.end();

const button = { type: "button", action_id: "keep", value: "case-1", text: { type: "plain_text", text: "Keep key" } };
const blocks = [
  { type: "header", text: { type: "plain_text", text: "Key deleted" } },
  { type: "actions", block_id: "choices", elements: [button] },
];
const view = {
  type: "modal",
  callback_id: "approve-deletion",
  private_metadata: "case-1",
  title: { type: "plain_text", text: "Approve deletion" },
  submit: { type: "plain_text", text: "Approve" },
  blocks: [
    {
      type: "input",
      block_id: "reason",
      label: { type: "plain_text", text: "Reason" },
      element: { type: "plain_text_input", action_id: "reason" },
    },
  ],
};

beforeEach(async () => {
  now = 1_716_839_394_000;
  received = [];
  appSays = (response) => response.end();
  app = createServer((incoming, response) => {
    let body = "";
    incoming.setEncoding("utf8").on("data", (chunk) => (body += String(chunk)));
    incoming.on("end", () => {
      received.push({ headers: incoming.headers, body });
      appSays(response);
    });
  });
  await new Promise<void>((listening) => app.listen(0, "127.0.0.1", listening));
  appUrl = `http://127.0.0.1:${(app.address() as AddressInfo).port}/slack`;
  slack = new SlackWorkspace({
    now: () => now,
    signingSecret,
    botToken,
    teamId: "T0LOCAL",
    appId: "A0REPRIEVE",
    members: [
      { id: "U0ALICE", name: "alice" },
      { id: "U0BOB", name: "bob" },
    ],
    channels: [{ id: channel, name: "payment-keys" }],
    interactionsUrl: () => appUrl,
  });
  address = await slack.listen(0);
});

afterEach(async () => {
  await slack.close();
  app.closeAllConnections();
  await new Promise((resolve) => app.close(resolve));
});

async function call(method: string, body: object, token = botToken) {
  const answer = await fetch(`${address}/api/${method}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify(body),
  });
  return { status: answer.status, headers: answer.headers, reply: (await answer.json()) as Record<string, unknown> };
}

async function posted(extra: object = {}): Promise<string> {
  const { reply } = await call("chat.postMessage", { channel, text: "Key deleted", blocks, ...extra });
  expect(reply).toMatchObject({ ok: true });
  return String(reply["ts"]);
}

// biome-ignore lint/suspicious/noExplicitAny: the tests say what they expect in it
function payload(n = -1): any {
  return JSON.parse(new URLSearchParams(received.at(n)?.body).get("payload") ?? "null");
}

async function openedModal(): Promise<string> {
  await slack.click("U0ALICE", channel, await posted(), "keep");
  const { reply } = await call("views.open", { trigger_id: payload().trigger_id, view });
  expect(reply).toMatchObject({ ok: true, view: { callback_id: "approve-deletion" } });
  return slack.modals[0]?.id ?? "";
}

describe("the API of a local Slack", () => {
  it("posts, threads and updates", async () => {
    const ts = await posted();
    expect(ts).toBe("1716839394.000100");
    const reply = await posted({ thread_ts: ts, text: "approved", blocks: [] });
    expect(reply).toBe("1716839394.000200");
    const updated = await call("chat.update", { channel, ts, text: "Key restored", blocks: [] });
    expect(updated.reply).toMatchObject({ ok: true, ts, message: { text: "Key restored", bot_id: "B0REPRIEVE" } });
    expect(slack.messages).toMatchObject([
      { ts, text: "Key restored", blocks: [], edited: 1 },
      { ts: reply, threadTs: ts, text: "approved", edited: 0 },
    ]);
  });

  it("whispers to one person", async () => {
    const { reply } = await call("chat.postEphemeral", { channel, user: "U0BOB", text: "you may not approve" });
    expect(reply).toEqual({ ok: true, message_ts: "1716839394.000100" });
    expect(slack.ephemerals).toEqual([{ channel, user: "U0BOB", text: "you may not approve" }]);
  });

  it("tells observers of a change", async () => {
    let changes = 0;
    slack.observe(() => {
      changes += 1;
    });
    const ts = await posted();
    await call("chat.update", { channel, ts, text: "Key restored" });
    expect(changes).toBe(2);
  });

  it.each([
    ["chat.postMessage", { channel: "C0NOBODY", text: "x" }, "channel_not_found"],
    ["chat.postMessage", { channel }, "no_text"],
    ["chat.postMessage", { channel, text: "x", thread_ts: "1.000100" }, "thread_not_found"],
    ["chat.update", { channel, ts: "1.000100", text: "x" }, "message_not_found"],
    ["chat.postEphemeral", { channel, user: "U0NOBODY", text: "x" }, "user_not_in_channel"],
    ["views.open", { trigger_id: "1.2.3", view }, "invalid_trigger_id"],
    ["toString", {}, "unknown_method"],
  ])("%s %j: %s", async (method, body, error) => {
    expect(await call(method, body)).toMatchObject({ status: 200, reply: { ok: false, error } });
  });

  it("knows its token", async () => {
    expect((await call("auth.test", {})).reply).toMatchObject({ ok: true, team_id: "T0LOCAL" });
    const wrong = await call("auth.test", {}, "xoxb-other");
    expect([wrong.status, wrong.reply]).toEqual([200, { ok: false, error: "invalid_auth" }]);
  });
});

describe("the limits of a local Slack", () => {
  const text = (length: number, type = "mrkdwn") => ({ type, text: "x".repeat(length) });
  const actions = (...elements: object[]) => ({ type: "actions", elements });

  it.each([
    ["51 blocks", Array(51).fill({ type: "divider" }), "no more than 50 items allowed [json-pointer:/blocks]"],
    [
      "a header of 151 characters",
      [{ type: "header", text: text(151, "plain_text") }],
      "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
    ],
    [
      "a section of 3,001 characters",
      [{ type: "section", text: text(3001) }],
      "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ],
    [
      "11 fields",
      [{ type: "section", fields: Array(11).fill(text(1)) }],
      "no more than 10 items allowed [json-pointer:/blocks/0/fields]",
    ],
    [
      "a field of 2,001 characters",
      [{ type: "section", fields: [text(2001)] }],
      "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]",
    ],
    [
      "26 buttons",
      [actions(...Array(26).fill(button))],
      "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
    ],
    [
      "a button text of 76 characters",
      [actions({ ...button, text: text(76, "plain_text") })],
      "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
    ],
    [
      "a button value of 2,001 characters",
      [actions({ ...button, value: "x".repeat(2001) })],
      "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]",
    ],
    [
      "marks in a header",
      [{ type: "header", text: text(5) }],
      'must provide "plain_text" [json-pointer:/blocks/0/text/type]',
    ],
    ["another block", [{ type: "carousel" }], 'unsupported type: "carousel" [json-pointer:/blocks/0/type]'],
    ["an empty section", [{ type: "section" }], "must define either `text` or `fields` [json-pointer:/blocks/0]"],
    [
      "a misspelt property",
      [{ type: "divider", blockid: "x" }],
      "invalid additional property: blockid [json-pointer:/blocks/0/blockid]",
    ],
  ])("refuse %s", async (_, tooMuch, complaint) => {
    expect((await call("chat.postMessage", { channel, text: "x", blocks: tooMuch })).reply).toEqual({
      ok: false,
      error: "invalid_blocks",
      errors: [complaint],
      response_metadata: { messages: [`[ERROR] ${complaint}`] },
    });
    expect(slack.messages).toEqual([]);
  });

  it("take what just fits", async () => {
    const fits = [
      { type: "header", text: text(150, "plain_text") },
      { type: "section", text: text(3000), fields: Array(10).fill(text(2000)) },
      actions(...Array(25).fill({ ...button, text: text(75, "plain_text"), value: "x".repeat(2000) })),
      ...Array(47).fill({ type: "divider" }),
    ];
    expect((await call("chat.postMessage", { channel, text: "x", blocks: fits })).reply).toMatchObject({ ok: true });
  });

  it.each([
    ["title", { title: text(25, "plain_text") }, "/view/title/text"],
    ["submit", { submit: text(25, "plain_text") }, "/view/submit/text"],
    ["close", { close: text(25, "plain_text") }, "/view/close/text"],
    ["private_metadata", { private_metadata: "x".repeat(3001) }, "/view/private_metadata"],
  ])("refuse a modal with too long a %s, and leave its trigger unused", async (_, part, pointer) => {
    await slack.click("U0ALICE", channel, await posted(), "keep");
    const { trigger_id } = payload();
    expect((await call("views.open", { trigger_id, view: { ...view, ...part } })).reply).toMatchObject({
      error: "invalid_arguments",
      response_metadata: { messages: [expect.stringContaining(`[json-pointer:${pointer}]`)] },
    });
    expect((await call("views.open", { trigger_id, view })).reply).toMatchObject({ ok: true });
  });
});

describe("a click in a local Slack", () => {
  it("is signed over timestamp and body as Slack's are", async () => {
    const ts = await posted();
    expect(await slack.click("U0ALICE", channel, ts, "keep")).toEqual({ status: 200, body: "" });
    const [{ headers, body } = { headers: {}, body: "" }] = received;
    expect(headers["x-slack-request-timestamp"]).toBe("1716839394");
    expect(headers["content-type"]).toBe("application/x-www-form-urlencoded");
    const hmac = createHmac("sha256", signingSecret).update(`v0:1716839394:${body}`).digest("hex");
    expect(headers["x-slack-signature"]).toBe(`v0=${hmac}`);
    expect(payload()).toMatchObject({
      type: "block_actions",
      team: { id: "T0LOCAL" },
      user: { id: "U0ALICE", username: "alice", team_id: "T0LOCAL" },
      api_app_id: "A0REPRIEVE",
      container: { type: "message", message_ts: ts, channel_id: channel },
      channel: { id: channel, name: "payment-keys" },
      message: { ts, text: "Key deleted" },
      actions: [{ action_id: "keep", block_id: "choices", value: "case-1", type: "button" }],
    });
  });

  it("can be forged, old, repeated, or altered", async () => {
    const ts = await posted();
    const signature = `v0=${"0".repeat(64)}`;
    await slack.click("U0ALICE", channel, ts, "keep", { signature, timestamp: 1_716_830_000, retryNum: 2 });
    expect(received[0]?.headers).toMatchObject({
      "x-slack-signature": signature,
      "x-slack-request-timestamp": "1716830000",
      "x-slack-retry-num": "2",
    });
    await slack.click("U0ALICE", channel, ts, "keep", { body: "payload=1" });
    const hmac = createHmac("sha256", signingSecret).update("v0:1716839394:payload=1").digest("hex");
    expect(received[1]).toMatchObject({ body: "payload=1", headers: { "x-slack-signature": `v0=${hmac}` } });
  });

  it.each([401, 403, 500])("answered with %i is trouble that its clicker alone is notified of", async (status) => {
    appSays = (response) => void response.writeHead(status).end("no");
    expect(await slack.click("U0ALICE", channel, await posted(), "keep")).toEqual({ status, body: "no" });
    expect(slack.ephemerals).toEqual([
      { channel, user: "U0ALICE", text: "We had some trouble connecting. Try again?" },
    ]);
  });

  it("answered after three seconds was not answered", async () => {
    appSays = () => undefined;
    const started = performance.now();
    expect(await slack.click("U0ALICE", channel, await posted(), "keep")).toEqual({ status: 0, body: "" });
    expect(performance.now() - started).toBeGreaterThan(2_900);
    expect(slack.ephemerals).toHaveLength(1);
  });

  it("is impossible where there is no such button or member", async () => {
    const ts = await posted();
    await expect(slack.click("U0ALICE", channel, ts, "delete")).rejects.toThrow("no button `delete`");
    await expect(slack.click("U0NOBODY", channel, ts, "keep")).rejects.toThrow("no member `U0NOBODY`");
    expect(received).toEqual([]);
  });
});

describe("a modal in a local Slack", () => {
  it("opens, is answered, and closes", async () => {
    const id = await openedModal();
    expect(await slack.submit("U0ALICE", id, { reason: "CHG-1234" })).toEqual({ status: 200, body: "" });
    expect(payload()).toMatchObject({
      type: "view_submission",
      user: { id: "U0ALICE" },
      view: {
        id,
        team_id: "T0LOCAL",
        callback_id: "approve-deletion",
        private_metadata: "case-1",
        state: { values: { reason: { reason: { type: "plain_text_input", value: "CHG-1234" } } } },
      },
    });
    expect(slack.modals).toEqual([]);
  });

  it("stays open with the app's errors, or changes to another view", async () => {
    const id = await openedModal();
    appSays = (response) => response.end('{"response_action":"errors","errors":{"reason":"say why"}}');
    await slack.submit("U0ALICE", id, {});
    expect(payload().view.state.values.reason.reason.value).toBeNull();
    expect(slack.modals).toMatchObject([{ id, user: "U0ALICE", view: { callback_id: "approve-deletion" } }]);
    const next = { type: "modal", callback_id: "done", title: { type: "plain_text", text: "Done" }, blocks: [] };
    appSays = (response) => response.end(JSON.stringify({ response_action: "update", view: next }));
    await slack.submit("U0ALICE", id, { reason: "CHG-1234" });
    expect(slack.modals).toMatchObject([{ id, view: { callback_id: "done" } }]);
    expect(slack.ephemerals).toEqual([]);
  });

  it.each([
    [401, ""],
    [200, "ok"],
    [200, '{"response_action":"errors","errors":{"nothing":"such a block is not there"}}'],
    [200, '{"response_action":"update","view":{"type":"modal"}}'],
  ])("answered with %i %s stays open, and its user is notified of trouble", async (status, body) => {
    const id = await openedModal();
    appSays = (response) => void response.writeHead(status).end(body);
    expect(await slack.submit("U0ALICE", id, { reason: "x" })).toEqual({ status, body });
    expect(slack.modals).toHaveLength(1);
    expect(slack.ephemerals).toMatchObject([{ user: "U0ALICE" }]);
  });

  it("opens only within three seconds of the click, and once", async () => {
    await slack.click("U0ALICE", channel, await posted(), "keep");
    const { trigger_id } = payload();
    now += 3_001;
    expect((await call("views.open", { trigger_id, view })).reply).toMatchObject({ error: "expired_trigger_id" });
    now -= 1;
    expect((await call("views.open", { trigger_id, view })).reply).toMatchObject({ ok: true });
    expect((await call("views.open", { trigger_id, view })).reply).toMatchObject({ error: "exchanged_trigger_id" });
  });

  it("is nobody else's to answer", async () => {
    const id = await openedModal();
    await expect(slack.submit("U0BOB", id, { reason: "x" })).rejects.toThrow("has no dialog");
  });
});

describe("a local Slack in trouble", () => {
  it("asks to wait when its rate is exceeded", async () => {
    slack.fault = "rate-limited";
    const { status, headers, reply } = await call("chat.postMessage", { channel, text: "x" });
    expect([status, headers.get("retry-after"), reply]).toEqual([429, "3", { ok: false, error: "ratelimited" }]);
  });

  it("answers 500, resets, or says nothing, and recovers", async () => {
    slack.fault = "error";
    expect((await call("chat.postMessage", { channel, text: "x" })).status).toBe(500);
    slack.fault = "refuse";
    await expect(call("chat.postMessage", { channel, text: "x" })).rejects.toThrow("fetch failed");
    slack.fault = "hang";
    const hanging = fetch(`${address}/api/auth.test`, { method: "POST", signal: AbortSignal.timeout(200) });
    await expect(hanging).rejects.toThrow(/timeout/);
    expect(slack.messages).toEqual([]);
    slack.fault = "up";
    await posted();
  });
});

describe("who is let in to a local Slack", () => {
  /** By node:http, for `fetch` sets Host itself. */
  async function statusOf(path: string, headers: Record<string, string>, method = "POST"): Promise<number> {
    return await new Promise((resolve, reject) => {
      const sent = request(`${address}${path}`, { method, headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      sent.on("error", reject).end(method === "POST" ? "{}" : undefined);
    });
  }
  const json = { "content-type": "application/json" };

  it.each(["evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost@evil.example", "10.0.0.1"])(
    "not who comes by the host `%s`",
    async (host) => {
      expect(await statusOf("/api/auth.test", { host, ...json })).toBe(403);
    },
  );

  it.each(["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost"])(
    "not a page of the origin `%s`",
    async (origin) => {
      expect(await statusOf("/api/auth.test", { origin, ...json })).toBe(403);
    },
  );

  it("and there is nothing but its API", async () => {
    expect(await statusOf("/", {}, "GET")).toBe(404);
    expect(await statusOf("/api/auth.test", {}, "GET")).toBe(405);
    expect(await statusOf("/api/auth.test", json)).toBe(200);
  });
});

describe("what there is to see in a local Slack", () => {
  it("is what was said, its mark-up as spans in which nothing is left to interpret", async () => {
    await posted({ text: "<@U0BOB> deleted &lt;b&gt;" });
    const [reply] = slack.view.items;
    expect(reply?.text).toEqual([
      { text: "@bob", mention: true, marks: [] },
      { text: " deleted <b>", marks: [] },
    ]);
    expect(slack.view).toMatchObject({ members: expect.arrayContaining([{ id: "U0BOB", name: "bob" }]), modals: [] });
  });

  it("is a dialog as long as its person has not closed it", async () => {
    const viewId = await openedModal();
    expect(slack.view.modals).toMatchObject([{ id: viewId, user: "U0ALICE" }]);
    await slack.dismiss("U0ALICE", viewId);
    expect([slack.modals, received.length]).toEqual([[], 1]);
  });
});
