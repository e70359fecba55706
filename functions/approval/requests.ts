import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { type Approval, slackCallback } from "./callback.ts";
import { type HttpAnswer, header, json, rawBody, status } from "./http.ts";
import type { ProvenVoting } from "./proven-vote.ts";

/** Every request of the HTTP API, by its route. */
export async function handleRequest(
  approval: Approval & ProvenVoting,
  event: APIGatewayProxyEventV2,
): Promise<HttpAnswer> {
  switch (event.routeKey) {
    case "POST /slack/interactions": {
      const request = {
        body: rawBody(event),
        timestamp: header(event, "x-slack-request-timestamp"),
        signature: header(event, "x-slack-signature"),
      };
      return await slackCallback(approval, request, header(event, "x-slack-retry-num"));
    }
    case "POST /votes": {
      // Loaded when somebody votes so: Slack waits for three seconds, and does without it.
      const { provenVote } = await import("./proven-vote.ts");
      return await provenVote(approval, new TextDecoder().decode(rawBody(event)));
    }
    default:
      return event.routeKey === "$default" ? status(404) : json(404, { code: "NOT_FOUND" });
  }
}
