import { createHmac } from "node:crypto";
import type { SimClock } from "./clock.ts";
import { botToken, createLocalWorkspace, type SlackWorkspace } from "./local.ts";
import { endpoint, type RotatingSecrets } from "./services.ts";

export const slackHost = "slack.sim";

/** Makes the workspace: what its people press is sent by `fetch`, signed with the secret that Slack holds now. */
export function createSlack(clock: SimClock, secrets: RotatingSecrets, fetch: () => typeof globalThis.fetch) {
  const signed: typeof globalThis.fetch = async (input, init = {}) => {
    const headers = new Headers(init.headers);
    const timestamp = headers.get("x-slack-request-timestamp") ?? "";
    const hmac = createHmac("sha256", secrets.current("SlackSigningSecret"));
    const signature = hmac.update(`v0:${timestamp}:${String(init.body)}`).digest("hex");
    headers.set("x-slack-signature", `v0=${signature}`);
    return await fetch()(input, { ...init, headers });
  };
  return createLocalWorkspace({
    now: () => clock.now(),
    interactionsUrl: () => `${endpoint}/slack/interactions`,
    fetch: signed,
  });
}

/** Answers one call of Slack's API; a token that was rotated since is not the app's any more. */
export function answerSlack(
  slack: SlackWorkspace,
  secrets: RotatingSecrets,
  [method, authorization, body]: readonly [string, string | undefined, string],
) {
  const isCurrent = authorization === `Bearer ${secrets.current("SlackBotToken")}`;
  const answer = slack.answer(method, isCurrent ? `Bearer ${botToken}` : "Bearer rotated", body);
  return { status: 200, body: answer, headers: { "content-type": "application/json" } };
}
