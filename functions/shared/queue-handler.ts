import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import middy from "@middy/core";
import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import type { Foundation } from "./runtime.ts";

/** Returns the handler of a function that reads a queue: a batch in, the messages that must come back out. */
export function queueHandler<Batch>(
  { batch, logger, flushMetrics }: Pick<Foundation, "logger" | "flushMetrics"> & { readonly batch: Batch },
  handleBatch: (batch: Batch, event: SQSEvent, context: Context) => Promise<SQSBatchResponse>,
) {
  return middy<SQSEvent, SQSBatchResponse>()
    .use(injectLambdaContext(logger))
    .after(flushMetrics)
    .onError(flushMetrics)
    .handler(async (event, context) => await handleBatch(batch, event, context));
}
