import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import middy from "@middy/core";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import type { HttpAnswer } from "./approval/http.ts";
import { handleRequest } from "./approval/requests.ts";
import { createApprovalRuntime } from "./approval/runtime.ts";

const { approval, logger, flushMetrics } = createApprovalRuntime();

/** Entry point of the approval function: people's votes, from Slack or proven by AWS. It cannot touch a key. */
export const handler = middy<APIGatewayProxyEventV2, HttpAnswer>()
  .use(injectLambdaContext(logger))
  .after(flushMetrics)
  .onError(flushMetrics)
  .handler(async (event) => await handleRequest(approval, event));
