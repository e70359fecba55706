import { createHmac } from "node:crypto";

/** How long (real ms) Slack waits for an answer. */
export const slackTimeoutMs = 3_000;

export interface CallbackAnswer {
  /** 0 when there was no answer in time. */
  readonly status: number;
  readonly body: string;
}

/** What makes a callback differ from what Slack would send. */
export interface Tamper {
  /** In seconds; the signature is made for it. */
  readonly timestamp?: number;
  /** Sent in place of the right one. */
  readonly signature?: string;
  /** Says that this is a repetition. */
  readonly retryNum?: number;
  /** Sent in place of the form, and signed. */
  readonly body?: string;
}

export interface CallbackTarget {
  readonly url: string;
  readonly secret: string;
  /** In ms. */
  readonly now: number;
  /** How long (real ms) the answer is waited for. */
  readonly timeoutMs: number;
  readonly fetch: typeof fetch;
}

/** Posts a signed payload as Slack does, and answers what the app said in time. */
export async function sendCallback(payload: object, target: CallbackTarget, tamper: Tamper): Promise<CallbackAnswer> {
  const body = tamper.body ?? new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  const timestamp = String(tamper.timestamp ?? Math.floor(target.now / 1000));
  try {
    const answer = await target.fetch(target.url, {
      method: "POST",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": tamper.signature ?? signature(target.secret, timestamp, body),
        ...(tamper.retryNum !== undefined && {
          "x-slack-retry-num": String(tamper.retryNum),
          "x-slack-retry-reason": "http_timeout",
        }),
      },
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(target.timeoutMs),
    });
    return { status: answer.status, body: await answer.text() };
  } catch {
    return { status: 0, body: "" };
  }
}

// Not the app's own function: one mistake in both would go unseen.
function signature(secret: string, timestamp: string, body: string): string {
  return `v0=${createHmac("sha256", secret).update(`v0:${timestamp}:${body}`).digest("hex")}`;
}
