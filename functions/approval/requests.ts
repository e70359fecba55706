import type { APIGatewayProxyEventV2 } from "aws-lambda";
import type { ReceiptBook } from "../../lib/workflows/ports/votes.ts";
import { type HttpAnswer, header, json, rawBody, status } from "../shared/http.ts";
import { type Approval, slackCallback } from "./callback.ts";
import type { ProvenVoting } from "./proven-vote.ts";

/** Everything that the routes need. What only some need is made when it is needed: a callback of Slack does without it. */
export interface Routes {
  readonly approval: Approval;
  readonly provenVoting: () => Promise<ProvenVoting>;
  readonly readReceipt: ReceiptBook["read"];
}

/** Every request of the HTTP API, by its route. */
export async function handleRequest(routes: Routes, event: APIGatewayProxyEventV2): Promise<HttpAnswer> {
  const { approval } = routes;
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
      // Loaded when someone votes so: Slack waits for three seconds, and does without it.
      const { provenVote } = await import("./proven-vote.ts");
      const text = new TextDecoder().decode(rawBody(event));
      return await provenVote({ ...approval, ...(await routes.provenVoting()) }, text);
    }
    case "GET /receipts/{id}": {
      const { answerReceipt } = await import("./receipt.ts");
      return await answerReceipt({ ...routes, log: approval.log }, event.pathParameters?.["id"] ?? "");
    }
    default:
      return event.routeKey === "$default" ? status(404) : json(404, { code: "NOT_FOUND" });
  }
}
