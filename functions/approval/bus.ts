import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import {
  createNotifyPauseChanged,
  createNotifyPermitChanged,
  createReEvaluate,
} from "../../lib/aws/events/event-bus.ts";
import type { NotifyPauseChanged, NotifyPermitChanged, ReEvaluate } from "../../lib/workflows/ports/guard.ts";
import { callbackTimeouts } from "./client-timeouts.ts";

/** Returns what the approval function publishes on the stack's bus: names and numbers, and nothing else. */
export function busOf(busName: string): {
  readonly reEvaluate: ReEvaluate;
  readonly notifyPauseChanged: NotifyPauseChanged;
  readonly notifyPermitChanged: NotifyPermitChanged;
} {
  const client = new EventBridgeClient(callbackTimeouts);
  return {
    reEvaluate: createReEvaluate(client, busName),
    notifyPauseChanged: createNotifyPauseChanged(client, busName),
    notifyPermitChanged: createNotifyPermitChanged(client, busName),
  };
}
