import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { createLookAgain, createTellOfPause, createTellOfPermit } from "../../lib/aws/events/event-bus.ts";
import type { LookAgain, TellOfPause, TellOfPermit } from "../../lib/workflows/ports/guard.ts";
import { quickClientSettings } from "./quick-client-settings.ts";

/** What the approval function says on the bus of the stack: names and numbers, and nothing else. */
export function busOf(busName: string): {
  readonly lookAgain: LookAgain;
  readonly tellOfPause: TellOfPause;
  readonly tellOfPermit: TellOfPermit;
} {
  const client = new EventBridgeClient(quickClientSettings);
  return {
    lookAgain: createLookAgain(client, busName),
    tellOfPause: createTellOfPause(client, busName),
    tellOfPermit: createTellOfPermit(client, busName),
  };
}
