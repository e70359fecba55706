import { describe, expect, it } from "vitest";
import { createSlackClient } from "../../lib/slack/client.ts";
import { createSlackFetch } from "../doubles/slack-fetch.ts";
import { describeSlackClient } from "./slack-client.contract.ts";

describeSlackClient("a double of fetch", async () => createSlackFetch());

describe("what the local workspace never says", () => {
  const post = async (response: Response) =>
    await createSlackClient({
      apiUrl: "https://slack.invalid/api",
      token: async () => "xoxb-secret",
      fetch: async () => response,
      timeoutMs: 60_000,
    }).post("C0KEYS", { text: "deleted", blocks: [] });
  const limited = (retryAfter?: string) =>
    new Response("{}", { status: 429, ...(retryAfter !== undefined && { headers: { "retry-after": retryAfter } }) });

  it.each([
    ["0", 30],
    ["-5", 30],
    ["0.2", 1],
    ["soon", 30],
    ["86400", 900],
    [undefined, 30],
  ])("429 with Retry-After %s waits %i s", async (retryAfter, seconds) => {
    await expect(post(limited(retryAfter))).rejects.toMatchObject({
      code: "SLACK_UNAVAILABLE",
      retryAfterSeconds: seconds,
    });
  });

  it.each([
    ["no JSON", "<html>", "SLACK_UNAVAILABLE", "retry"],
    ["JSON that is no object", "null", "SLACK_UNAVAILABLE", "retry"],
    ["trouble that passes", '{"ok":false,"error":"fatal_error"}', "SLACK_UNAVAILABLE", "retry"],
    ["trouble without a name", '{"ok":false}', "SLACK_REFUSED", "retry"],
    ["trouble with a hostile name", '{"ok":false,"error":"\\u001b[2J<!channel>"}', "SLACK_REFUSED", "retry"],
    // It was posted: another try would post it again.
    ["a message without its time", '{"ok":true}', "SLACK_REFUSED", "dead-letter"],
  ])("%s is %s", async (_, body, code, disposition) => {
    const error = await post(new Response(body)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, disposition });
    expect(String(error)).not.toMatch(/xoxb|channel>|\p{Cc}/u);
  });
});
