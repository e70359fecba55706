import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import middy from "@middy/core";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { handleRequest } from "./approval/requests.ts";
import { createApprovalRuntime } from "./approval/runtime.ts";
import type { HttpAnswer } from "./shared/http.ts";

const { routes, logger, flushMetrics } = createApprovalRuntime();

/** Entry point of the approval function: takes people's requests, from Slack or proven by AWS, and answers them. It judges nothing for good, and writes no record. */
export const handler = middy<APIGatewayProxyEventV2, HttpAnswer>()
  .use(injectLambdaContext(logger))
  .after(flushMetrics)
  .onError(flushMetrics)
  .handler(async (event) => await handleRequest(routes, event));
