import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { createLookAgain } from "../../lib/aws/event-bus.ts";
import type { LookAgain } from "../../lib/workflows/ports.ts";
import { patience } from "./patience.ts";

export function lookAgainOn(busName: string): LookAgain {
  return createLookAgain(new EventBridgeClient(patience), busName);
}
