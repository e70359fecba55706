import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import middy from "@middy/core";
import type { Redriven } from "../lib/aws/events/dead-letters.ts";
import { runSweep } from "./sweep/run-sweep.ts";
import { createSweepRuntime } from "./sweep/runtime.ts";
import { sweepCommandIn } from "./sweep/sweep-command.ts";

const { sweeping, redriving, logger, flushMetrics } = createSweepRuntime();

/** Entry point of the sweep: finds what no event reported when the schedule calls; redrives when an operator does. */
export const handler = middy<unknown, Redriven | undefined>()
  .use(injectLambdaContext(logger))
  .after(flushMetrics)
  .onError(flushMetrics)
  .handler(async (event, context) => {
    const queue = sweepCommandIn(event);
    if (queue !== undefined) return await redriving(queue, context);
    await runSweep(sweeping, context);
    return undefined;
  });
