import { handleBatch } from "./remediation/batch.ts";
import { createRemediationRuntime } from "./remediation/runtime.ts";
import { queueHandler } from "./shared/queue-handler.ts";

/** Entry point of the remediation function, which alone may change the resource policies of keys, enable the stack's rules and its KMS key. */
export const handler = queueHandler(createRemediationRuntime(), handleBatch);
