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
    [{ code: "ECONNREFUSED" }, "SLACK_UNAVAILABLE"],
    [{ code: "ENOTFOUND" }, "SLACK_UNAVAILABLE"],
    [{ code: "ENETUNREACH", syscall: "connect" }, "SLACK_UNAVAILABLE"],
    [{ code: "EHOSTUNREACH", syscall: "connect" }, "SLACK_UNAVAILABLE"],
    [{ code: "ETIMEDOUT", syscall: "connect" }, "SLACK_UNAVAILABLE"],
    [{ code: "CERT_HAS_EXPIRED" }, "SLACK_UNAVAILABLE"],
    [{ code: "SELF_SIGNED_CERT_IN_CHAIN" }, "SLACK_UNAVAILABLE"],
    [{ code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" }, "SLACK_UNAVAILABLE"],
    [{ code: "ERR_TLS_CERT_ALTNAME_INVALID" }, "SLACK_UNAVAILABLE"],
    [{ code: "EHOSTUNREACH", syscall: "read" }, "SLACK_UNANSWERED"],
    [{ code: "ETIMEDOUT", syscall: "read" }, "SLACK_UNANSWERED"],
    [{ code: "ECONNRESET", syscall: "read" }, "SLACK_UNANSWERED"],
    [{ code: "UND_ERR_SOCKET" }, "SLACK_UNANSWERED"],
  ])("a connection that fails with %j is %s: what was sent may have been posted", async (failure, expected) => {
    const error = Object.assign(new Error("failed"), failure);
    for (const cause of [error, new AggregateError([error, error])])
      await expect(posting(cause)).rejects.toMatchObject({ code: expected, disposition: "retry" });
  });

  it("a connection that fails for several addresses may have been posted unless none was connected", async () => {
    const [refused, reset] = ["ECONNREFUSED", "ECONNRESET"].map((code) => Object.assign(new Error("failed"), { code }));
    await expect(posting(new AggregateError([refused, reset]))).rejects.toMatchObject({ code: "SLACK_UNANSWERED" });
    await expect(posting(new AggregateError([]))).rejects.toMatchObject({ code: "SLACK_UNANSWERED" });
  });

  async function posting(cause: Error): Promise<string> {
    const failed = async () => {
      throw new TypeError("fetch failed", { cause });
    };
    const access = { apiUrl: "https://slack.invalid/api", token: async () => "xoxb-right", timeoutMs: 60_000 };
    const client = createSlackClient({ ...access, fetch: failed as unknown as typeof fetch });
    return await client.post("C0KEYS", { text: "deleted", blocks: [] });
  }
});
