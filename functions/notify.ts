import { handleBatch } from "./notify/batch.ts";
import { createNotifyRuntime } from "./notify/runtime.ts";
import { queueHandler } from "./shared/queue-handler.ts";

/** Entry point of the notify function, which reads the notify queue. It cannot touch a key. */
export const handler = queueHandler(createNotifyRuntime(), handleBatch);
