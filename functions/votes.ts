import { queueHandler } from "./shared/queue-handler.ts";
import { handleBatch } from "./votes/batch.ts";
import { createVotesRuntime } from "./votes/runtime.ts";

/** Entry point of the votes function, which judges people's requests from the queue. It cannot touch a key, and the internet cannot reach it. */
export const handler = queueHandler(createVotesRuntime(), handleBatch);
