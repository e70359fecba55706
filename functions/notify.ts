import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import middy from "@middy/core";
import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { handleBatch } from "./notify/batch.ts";
import { createNotifyRuntime } from "./notify/runtime.ts";

const { batch, logger, flushMetrics } = createNotifyRuntime();

/** Entry point of the notify function: a batch of what happened in, the messages that must come back out. It cannot touch a key. */
export const handler = middy<SQSEvent, SQSBatchResponse>()
  .use(injectLambdaContext(logger))
  .after(flushMetrics)
  .onError(flushMetrics)
  .handler(async (event, context) => await handleBatch(batch, event, context));
