import * as v from "valibot";
import { wellFormed } from "../../domain/well-formed.ts";
import { isProbe, ownSource, parseOwnEvent, reEvaluateType } from "../events/own-event.ts";
import { jsonOr, objectOr } from "../json.ts";
import { apiCall, type Detail, type Envelope, envelopeSchema, envelopeSource, serviceEventType } from "./envelope.ts";
import { aliasInCall, hintIn, targetOf } from "./key-in-record.ts";
import {
  malformed,
  type QueueMessage,
  refuse,
  refuseElsewhere,
  type Stack,
  unexpected,
  wrongSource,
} from "./queue-message.ts";
import { originalOf, originOf } from "./record-origin.ts";
import { parseServiceEvent } from "./service-event.ts";
import { withoutEmpties } from "./without-empties.ts";

/**
 * Parses the body of an SQS message (one EventBridge envelope as JSON). Total: any text in, never a throw. All of it is hostile until it is
 * parsed; what it claims of the key is a hint, and its locale timestamps are not even read. INVARIANT: a message that goes to the dead-letter
 * queue and names a key of the stack, in whatever form, carries a hint to look at that key.
 */
export function parseQueueMessage(body: string, stack: Stack): QueueMessage {
  const raw = jsonOr(body);
  const json = withoutEmpties(raw);
  const message =
    raw === undefined ? refuse("EVENT_NOT_JSON", "dead-letter", "the message is not JSON") : parseFull(json, stack);
  if (message.kind !== "refused" || message.disposition !== "dead-letter") return message;
  const record = objectOr(objectOr(json)?.["detail"]) ?? {};
  const hint = hintIn(record, stack) ?? hintIn(record, stack, body);
  return hint === undefined ? message : { ...message, hint };
}

/** Parses a message that is JSON already. */
export function parseMessage(json: unknown, stack: Stack): QueueMessage {
  return parseFull(withoutEmpties(json), stack);
}

/** `json` has no empty members. */
function parseFull(json: unknown, stack: Stack): QueueMessage {
  if (objectOr(json)?.["source"] === ownSource)
    return isProbe(json, stack) ? { kind: "probe" } : reEvaluateFrom(json, stack);
  return objectOr(json)?.["detail-type"] === serviceEventType ? parseServiceEvent(json, stack) : parseCall(json, stack);
}

function parseCall(json: unknown, stack: Stack): QueueMessage {
  const parsed = v.safeParse(envelopeSchema, json);
  if (!parsed.success) return malformed(parsed.issues);
  const { output } = parsed;
  const stray = wrongSource(output);
  if (stray !== undefined) return stray;
  if (output["detail-type"] !== apiCall) return unexpected("detail-type", output["detail-type"]);
  if (output.detail.eventName !== "DeleteKey") return unexpected("detail.eventName", output.detail.eventName);
  if (output.detail.eventType !== "AwsApiCall") return unexpected("detail.eventType", output.detail.eventType);
  return output.detail.errorCode === undefined ? deletionFrom(output, stack) : attemptFrom(output.detail, stack);
}

/** A bare CloudTrail record of an API call as EventBridge would deliver it. */
export function asEnvelope(record: unknown): object {
  return { source: envelopeSource, "detail-type": apiCall, detail: record };
}

/** The same for a record as text, such as the event history has it. Total, as `parseQueueMessage` is. */
export function parseRecord(text: string, stack: Stack): QueueMessage {
  return parseMessage(asEnvelope(jsonOr(text)), stack);
}

function reEvaluateFrom(json: unknown, stack: Stack): QueueMessage {
  const own = parseOwnEvent(json, stack);
  return own?.type === reEvaluateType
    ? { kind: "re-evaluate", name: own.name }
    : refuse("EVENT_UNEXPECTED", "dead-letter", "an event of the stack's own bus that names no case to look at again");
}

function deletionFrom(envelope: Envelope, stack: Stack): QueueMessage {
  const { detail } = envelope;
  const target = targetOf(detail, stack);
  const elsewhere = refuseElsewhere(target, detail, stack);
  if (elsewhere !== undefined) return elsewhere;
  if (target === undefined)
    return refuse("EVENT_MALFORMED", "dead-letter", "the record names no key: expected a key ARN or an alias");
  const days = objectOr(detail.requestParameters)?.["deleteKeyInDays"];
  const enabled = objectOr(objectOr(detail.responseElements)?.["key"])?.["enabled"];
  return {
    kind: "deletion",
    request: {
      ...originOf(detail),
      ...(detail.requestID !== undefined && { requestId: detail.requestID }),
      target,
      ...(target.kind !== "alias" && namedAs(detail)),
      ...(isWaitingPeriod(days) && { requestedDays: days }),
      ...(typeof enabled === "boolean" && { enabledInResponse: enabled }),
      ...(envelope["replay-name"] !== undefined && { replayName: envelope["replay-name"] }),
      corrected: originalOf(detail) !== undefined,
    },
  };
}

function namedAs(detail: Detail): { readonly namedAs?: string } {
  const alias = aliasInCall(detail);
  return alias === undefined ? {} : { namedAs: alias };
}

function isWaitingPeriod(days: unknown): days is number {
  return Number.isInteger(days) && Number(days) >= 3 && Number(days) <= 180;
}

function attemptFrom(detail: Detail, stack: Stack): QueueMessage {
  const identifier = objectOr(detail.requestParameters)?.["keyIdentifier"];
  const target = targetOf(detail, stack);
  const elsewhere = refuseElsewhere(target, detail, stack);
  if (elsewhere !== undefined) return elsewhere;
  return {
    kind: "attempt",
    attempt: {
      ...originOf(detail),
      errorCode: detail.errorCode ?? "",
      ...(typeof identifier === "string" && { identifier: wellFormed(identifier, 322) }),
    },
  };
}
