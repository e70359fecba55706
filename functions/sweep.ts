import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import middy from "@middy/core";
import { runSweep } from "./sweep/run-sweep.ts";
import { createSweepRuntime } from "./sweep/runtime.ts";

const { sweeping, logger, flushMetrics } = createSweepRuntime();

/** Entry point of the sweep, which the schedule calls: whatever no event told of. Its input says nothing. */
export const handler = middy<unknown, void>()
  .use(injectLambdaContext(logger))
  .after(flushMetrics)
  .onError(flushMetrics)
  .handler(async (_event, context) => await runSweep(sweeping, context));
