import * as v from "valibot";
import type { DeletionAttempt, DeletionRequest, DeletionTarget, KeyHint } from "../../domain/deletion/request.ts";
import type { Disposition, GuardErrorCode } from "../../domain/guard-error.ts";
import { type KeyArn, keyArnParts } from "../../domain/key/key-arn.ts";
import type { CaseName } from "../../domain/ledger/case-name.ts";
import { quoted } from "../../domain/printable-text.ts";
import { wellFormed } from "../../domain/well-formed.ts";
import { isProbe, ownSource, parseOwnEvent, reEvaluateType } from "../events/own-event.ts";
import { jsonOr, objectOr } from "../json.ts";
import {
  apiCall,
  type Detail,
  type Envelope,
  envelopeSchema,
  envelopeSource,
  eventSource,
  type ServiceDetail,
  serviceEnvelopeSchema,
  serviceEventType,
} from "./envelope.ts";
import { aliasInCall, hintIn, keyInServiceEvent, targetOf } from "./key-in-record.ts";
import { originalOf, originOf } from "./record-origin.ts";
import { withoutEmpties } from "./without-empties.ts";

/** What one message of the guard queue says, or why it says nothing. */
export type QueueMessage =
  | { readonly kind: "deletion"; readonly request: DeletionRequest }
  | { readonly kind: "attempt"; readonly attempt: DeletionAttempt }
  /** A hint to look at the key again; AWS does not publish which service events there are. */
  | {
      readonly kind: "service-event";
      readonly eventId?: string;
      readonly eventName: string;
      readonly keyArn?: KeyArn;
      readonly hint?: KeyHint;
    }
  /** Something was added to a case of ours. */
  | { readonly kind: "re-evaluate"; readonly name: CaseName }
  /** The sweep asks whether the guard may restore keys. */
  | { readonly kind: "probe" }
  | Refusal;

export interface Refusal {
  readonly kind: "refused";
  readonly code: GuardErrorCode;
  readonly disposition: Disposition;
  readonly message: string;
  /** A key of this stack that the message names all the same: worth a look, whatever else is wrong. */
  readonly hint?: KeyHint;
}

export interface Stack {
  readonly account: string;
  readonly region: string;
}

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

function parseServiceEvent(json: unknown, stack: Stack): QueueMessage {
  const parsed = v.safeParse(serviceEnvelopeSchema, json);
  if (!parsed.success) return malformed(parsed.issues);
  return wrongSource(parsed.output) ?? serviceEventFrom(parsed.output.detail, stack);
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

function wrongSource({ source, detail }: { source: string; detail: { eventSource: string } }): Refusal | undefined {
  const right = source === envelopeSource && detail.eventSource === eventSource;
  return right ? undefined : unexpected("source", `${source} / ${detail.eventSource}`);
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

function refuse(code: GuardErrorCode, disposition: Disposition, message: string): Refusal {
  return { kind: "refused", code, disposition, message };
}

function malformed(issues: readonly v.BaseIssue<unknown>[]): Refusal {
  const faults = issues.slice(0, 5).map((issue) => {
    const field = v.getDotPath(issue) ?? "the message";
    return `${field}: ${issue.received === "undefined" ? "is missing" : issue.message.split(" but received")[0]}`;
  });
  return refuse("EVENT_MALFORMED", "dead-letter", faults.join("; "));
}

/** Our rules send nothing of the kind, so someone else writes to the queue: a person should look. */
function unexpected(field: string, value: string): Refusal {
  return refuse("EVENT_UNEXPECTED", "dead-letter", `${field} ${quoted(value)} is not one that the rules send`);
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

/** One stack guards one account and region: the region to act in is the key's own. */
function refuseElsewhere(target: DeletionTarget | undefined, detail: ServiceDetail, stack: Stack): Refusal | undefined {
  const where =
    target === undefined || target.kind === "alias"
      ? { account: detail.recipientAccountId, region: detail.awsRegion }
      : keyArnParts(target.arn);
  if (where.account !== stack.account)
    return refuse(
      "WRONG_ACCOUNT",
      "reject",
      `the key belongs to account ${quoted(where.account)}, not to this stack's`,
    );
  if (where.region !== stack.region)
    return refuse("WRONG_REGION", "reject", `the key belongs to region ${quoted(where.region)}, not to this stack's`);
  return undefined;
}
