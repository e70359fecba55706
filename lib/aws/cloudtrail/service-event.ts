import * as v from "valibot";
import { keyArnParts } from "../../domain/key/key-arn.ts";
import { type ServiceDetail, serviceEnvelopeSchema } from "./envelope.ts";
import { hintIn, keyInServiceEvent } from "./key-in-record.ts";
import { malformed, type QueueMessage, refuseElsewhere, type Stack, wrongSource } from "./queue-message.ts";

/** Parses an event that the service itself sent, not a call that someone made. */
export function parseServiceEvent(json: unknown, stack: Stack): QueueMessage {
  const parsed = v.safeParse(serviceEnvelopeSchema, json);
  if (!parsed.success) return malformed(parsed.issues);
  return wrongSource(parsed.output) ?? serviceEventFrom(parsed.output.detail, stack);
}

function serviceEventFrom(detail: ServiceDetail, stack: Stack): QueueMessage {
  const named = keyInServiceEvent(detail);
  // AWS publishes events in which the key is of another Region than the event: there is nothing to look at here.
  const elsewhereOnly =
    named !== undefined && detail.awsRegion === stack.region && keyArnParts(named).region !== stack.region;
  const keyArn = elsewhereOnly ? undefined : named;
  const hint = keyArn === undefined ? hintIn(detail, stack) : undefined;
  if (keyArn !== undefined) {
    const elsewhere = refuseElsewhere({ kind: "arn", arn: keyArn }, detail, stack);
    if (elsewhere !== undefined) return elsewhere;
  }
  return {
    kind: "service-event",
    ...(detail.eventID !== undefined && { eventId: detail.eventID }),
    eventName: detail.eventName,
    ...(keyArn !== undefined && { keyArn }),
    ...(hint !== undefined && { hint }),
  };
}
