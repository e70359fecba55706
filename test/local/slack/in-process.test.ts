import { describe, expect, it } from "vitest";
import { botToken, createLocalWorkspace, slackSettings } from "../../../local/slack/local-workspace.ts";

const channel = slackSettings.slackChannel;
const keep = { type: "button", action_id: "keep", value: "1", text: { type: "plain_text", text: "Keep key" } };
const blocks = [{ type: "actions", block_id: "choices", elements: [keep] }];

describe("a workspace that listens nowhere", () => {
  it("answers the API and posts its callbacks with the fetch it was given", async () => {
    const sent: [string, string][] = [];
    const slack = createLocalWorkspace({
      now: () => 1_716_839_394_000,
      interactionsUrl: () => "https://api.example/slack/interactions",
      fetch: async (input, init) => {
        const request = new Request(input, init);
        sent.push([request.url, await request.text()]);
        return new Response("heard");
      },
    });
    expect(slack.answer("auth.test", "Bearer wrong", "")).toEqual({ ok: false, error: "invalid_auth" });
    const body = JSON.stringify({ channel, text: "deleted", blocks });
    expect(slack.answer("chat.postMessage", `Bearer ${botToken}`, body)).toMatchObject({ ok: true, channel });
    const [message] = slack.messages;
    expect(message).toMatchObject({ channel, text: "deleted" });
    expect(await slack.click("U0ALICE", channel, message?.ts ?? "", "keep")).toEqual({ status: 200, body: "heard" });
    expect(sent.map(([url]) => url)).toEqual(["https://api.example/slack/interactions"]);
    const payload = JSON.parse(new URLSearchParams(sent[0]?.[1]).get("payload") ?? "{}") as object;
    expect(payload).toMatchObject({ type: "block_actions", user: { id: "U0ALICE" }, actions: [{ action_id: "keep" }] });
  });
});
