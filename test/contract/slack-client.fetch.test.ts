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
    ["no JSON", "<html>", "SLACK_UNANSWERED", "retry"],
    ["JSON that is no object", "null", "SLACK_UNANSWERED", "retry"],
    ["trouble that passes", '{"ok":false,"error":"ratelimited"}', "SLACK_UNAVAILABLE", "retry"],
    ["trouble that may have posted it", '{"ok":false,"error":"fatal_error"}', "SLACK_UNANSWERED", "retry"],
    ["trouble without a name", '{"ok":false}', "SLACK_REFUSED", "retry"],
    ["trouble with a hostile name", '{"ok":false,"error":"\\u001b[2J<!channel>"}', "SLACK_REFUSED", "retry"],
    // It was posted: another try would post it again.
    ["a message without its time", '{"ok":true}', "SLACK_REFUSED", "dead-letter"],
  ])("%s is %s", async (_, body, code, disposition) => {
    const error = await post(new Response(body)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, disposition });
    expect(String(error)).not.toMatch(/xoxb|channel>|\p{Cc}/u);
  });

  it.each([
    ["ECONNREFUSED", "SLACK_UNAVAILABLE"],
    ["ENOTFOUND", "SLACK_UNAVAILABLE"],
    ["ECONNRESET", "SLACK_UNANSWERED"],
    ["UND_ERR_SOCKET", "SLACK_UNANSWERED"],
  ])("a connection that fails with %s is %s: what was sent may have been posted", async (code, expected) => {
    const failed = async () => {
      throw new TypeError("fetch failed", { cause: Object.assign(new Error("failed"), { code }) });
    };
    const access = { apiUrl: "https://slack.invalid/api", token: async () => "xoxb-right", timeoutMs: 60_000 };
    const client = createSlackClient({ ...access, fetch: failed as unknown as typeof fetch });
    const message = { text: "deleted", blocks: [] };
    await expect(client.post("C0KEYS", message)).rejects.toMatchObject({ code: expected, disposition: "retry" });
  });
});
