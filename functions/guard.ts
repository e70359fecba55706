import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import middy from "@middy/core";
import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { handleBatch } from "./guard/batch.ts";
import { createGuardRuntime } from "./guard/runtime.ts";

const { batch, logger, flushMetrics } = createGuardRuntime();

/** Entry point of the guard function: a batch of the guard queue in, the messages that must come back out. */
export const handler = middy<SQSEvent, SQSBatchResponse>()
  .use(injectLambdaContext(logger))
  .after(flushMetrics)
  .onError(flushMetrics)
  .handler(async (event, context) => await handleBatch(batch, event, context));
