import type { ModalView } from "@slack/types";
import { GuardError } from "../domain/guard-error.ts";
import type { SlackMessage } from "./case-message.ts";
import { wasNotSent } from "./was-not-sent.ts";

/**
 * The few methods of Slack's Web API that are used. Each throws SLACK_UNAVAILABLE (nothing was done: come back later), SLACK_UNANSWERED (it may have
 * been done), SLACK_MESSAGE_GONE (there is nothing any more to change or to reply to), or SLACK_REFUSED: to be retried where someone in the
 * workspace can mend it.
 */
export interface SlackClient {
  /** Answers the `ts` of the message. With `threadTs` it is a reply. */
  post(channel: string, message: SlackMessage, threadTs?: string): Promise<string>;
  update(channel: string, ts: string, message: SlackMessage): Promise<void>;
  /** Notifies one person alone. */
  whisper(channel: string, userId: string, text: string): Promise<void>;
  openDialog(triggerId: string, view: ModalView): Promise<void>;
}

export interface SlackAccess {
  /** `https://slack.com/api`, or the local workspace. */
  readonly apiUrl: string;
  readonly token: () => Promise<string>;
  /** Reads the token again, because Slack does not accept the one at hand; undefined where that was done a moment ago. */
  readonly tokenAgain?: () => Promise<string | undefined>;
  readonly fetch: typeof fetch;
  /** How long (ms) one call may take. */
  readonly timeoutMs: number;
}

/** Slack's own words for trouble that passes. */
const passing = new Set(["ratelimited", "rate_limited", "service_unavailable"]);

/** Slack's own words for trouble after which part of a request may have had its effect. */
const uncertain = new Set(["internal_error", "fatal_error", "request_timeout"]);

/** What stood there was deleted, or cannot be changed any more. */
const gone = new Set(["message_not_found", "cant_update_message", "edit_window_closed", "thread_not_found"]);

/** The message itself is at fault: it will be refused until another version of this code makes another one. */
const unfit = new Set([
  "invalid_arguments",
  "invalid_blocks",
  "invalid_blocks_format",
  "invalid_json",
  "json_not_object",
  "msg_blocks_too_long",
  "msg_too_long",
  "no_text",
]);

export function createSlackClient(access: SlackAccess): SlackClient {
  return {
    post: async (channel, message, threadTs) => {
      const body = {
        channel,
        ...message,
        ...(threadTs && { thread_ts: threadTs }),
        unfurl_links: false,
        unfurl_media: false,
      };
      const { ts } = await call(access, "chat.postMessage", body);
      if (typeof ts !== "string" || ts.length > 64)
        throw new GuardError("SLACK_REFUSED", "dead-letter", "slack named no time for the message");
      return ts;
    },
    update: async (channel, ts, message) => {
      await call(access, "chat.update", { channel, ts, ...message });
    },
    whisper: async (channel, user, text) => {
      await call(access, "chat.postEphemeral", { channel, user, text });
    },
    openDialog: async (triggerId, view) => {
      await call(access, "views.open", { trigger_id: triggerId, view });
    },
  };
}

type Reply = Readonly<Record<string, unknown>>;

/** Calls a method, and once more with the token of now if Slack does not accept the one at hand: it may have been rotated. */
async function call(access: SlackAccess, method: string, body: object): Promise<Reply> {
  const token = await access.token();
  const reply = await replyTo(access, method, body, token);
  if (reply["ok"] === true) return reply;
  const current = reply["error"] === "invalid_auth" ? await access.tokenAgain?.() : undefined;
  if (current === undefined || current === token) throw refusal(method, errorIn(reply));
  const second = await replyTo(access, method, body, current);
  if (second["ok"] === true) return second;
  throw refusal(method, errorIn(second));
}

function errorIn({ error }: Reply): string {
  return typeof error === "string" && /^[a-z_]{1,60}$/.test(error) ? error : "unknown";
}

async function replyTo(access: SlackAccess, method: string, body: object, token: string): Promise<Reply> {
  const answer = await access
    .fetch(`${access.apiUrl}/${method}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json; charset=utf-8" },
      body: JSON.stringify(body),
      redirect: "error",
      signal: AbortSignal.timeout(access.timeoutMs),
    })
    .catch((error: unknown) => {
      const code = wasNotSent(error) ? "SLACK_UNAVAILABLE" : "SLACK_UNANSWERED";
      throw new GuardError(code, "retry", "slack cannot be reached", { cause: error });
    });
  if (answer.status === 429)
    throw new GuardError("SLACK_UNAVAILABLE", "retry", "slack asks to come back later", {
      retryAfterSeconds: secondsIn(answer.headers.get("retry-after")),
    });
  if (answer.status >= 500) throw new GuardError("SLACK_UNANSWERED", "retry", `slack answered ${answer.status}`);
  return await jsonBody(answer);
}

function refusal(method: string, error: string): GuardError {
  if (passing.has(error)) return new GuardError("SLACK_UNAVAILABLE", "retry", `slack answered ${error}`);
  if (uncertain.has(error)) return new GuardError("SLACK_UNANSWERED", "retry", `slack answered ${error}`);
  if (gone.has(error)) return new GuardError("SLACK_MESSAGE_GONE", "retry", `slack refused ${method}: ${error}`);
  const disposition = unfit.has(error) ? "dead-letter" : "retry";
  return new GuardError("SLACK_REFUSED", disposition, `slack refused ${method}: ${error}`);
}

function secondsIn(retryAfter: string | null): number {
  const seconds = Math.ceil(Number(retryAfter));
  return seconds > 0 ? Math.min(900, seconds) : 30;
}

async function jsonBody(answer: Response): Promise<Readonly<Record<string, unknown>>> {
  const reply: unknown = await answer.json().catch(() => undefined);
  if (typeof reply === "object" && reply !== null) return reply as Record<string, unknown>;
  throw new GuardError("SLACK_UNANSWERED", "retry", "slack answered no JSON");
}
