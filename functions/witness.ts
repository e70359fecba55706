import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import middy from "@middy/core";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import type { HttpAnswer } from "./shared/http.ts";
import { handleWitness } from "./witness/routes.ts";
import { createWitnessRuntime } from "./witness/runtime.ts";

const { routes, logger, flushMetrics } = createWitnessRuntime();

/** Entry point of the witness, which runs in another account than the stack: cosigns checkpoints that continue what it cosigned before. */
export const handler = middy<APIGatewayProxyEventV2, HttpAnswer>()
  .use(injectLambdaContext(logger))
  .after(flushMetrics)
  .onError(flushMetrics)
  .handler(async (event) => await handleWitness(routes, event));
