import type { Fault, SlackUnderTest } from "./slack-under-test.ts";

interface Call {
  readonly channel: string;
  readonly ts: string;
  readonly thread_ts?: string;
  readonly user: string;
  readonly text: string;
  readonly blocks?: readonly { readonly text?: { readonly text: string } }[];
}

const answer = (body: object, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers });

/** Slack's Web API as a function in place of `fetch`. */
export function createSlackFetch(): SlackUnderTest {
  const messages: { text: string; ts: string; threadTs?: string }[] = [];
  const whispers: { user: string; text: string }[] = [];
  let state: Fault = "up";
  const there = (ts: string) => messages.find((message) => message.ts === ts);

  const run = (method: string, { channel, ts, thread_ts, user, text, blocks = [] }: Call): string | object => {
    if (method === "views.open") return "invalid_trigger_id";
    if (channel !== "C0KEYS") return "channel_not_found";
    if (text === "" && blocks.length === 0) return "no_text";
    if (blocks.length > 50 || blocks.some((block) => (block.text?.text.length ?? 0) > 3_000)) return "invalid_blocks";
    if (method === "chat.postEphemeral") return { message_ts: `${whispers.push({ user, text })}.0` };
    const standing = there(ts);
    if (method === "chat.update")
      return standing === undefined ? "message_not_found" : Object.assign(standing, { text });
    if (thread_ts !== undefined && there(thread_ts) === undefined) return "thread_not_found";
    const made = { text, ts: `${messages.length + 1}.000100`, ...(thread_ts !== undefined && { threadTs: thread_ts }) };
    messages.push(made);
    return { ts: made.ts };
  };

  const fetchDouble = async (
    url: string,
    { headers, body, signal }: { headers: Record<string, string>; body: string; signal: AbortSignal },
  ) => {
    if (state === "refuse") throw new TypeError("fetch failed");
    if (state === "hang")
      return await new Promise<Response>((_, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason as Error)),
      );
    if (state === "rate-limited") return answer({ ok: false, error: "ratelimited" }, 429, { "retry-after": "3" });
    if (state === "error") return answer({ ok: false }, 500);
    if (headers["authorization"] !== "Bearer xoxb-right") return answer({ ok: false, error: "invalid_auth" });
    const ran = run(url.split("/").at(-1) ?? "", JSON.parse(body) as Call);
    return answer(typeof ran === "string" ? { ok: false, error: ran } : { ok: true, ...ran });
  };

  return {
    access: { apiUrl: "https://slack.invalid/api", fetch: fetchDouble as unknown as typeof fetch },
    fault: (fault) => {
      state = fault;
    },
    messages: () => messages,
    whispers: () => whispers,
    stop: async () => {},
  };
}
