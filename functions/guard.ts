import { handleBatch } from "./guard/batch.ts";
import { createGuardRuntime } from "./guard/runtime.ts";
import { queueHandler } from "./shared/queue-handler.ts";

/** Entry point of the guard function, which reads the guard queue. */
export const handler = queueHandler(createGuardRuntime(), handleBatch);
