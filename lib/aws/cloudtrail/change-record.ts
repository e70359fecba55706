import * as v from "valibot";
import { recordableRequester } from "../../domain/ledger/recordable-requester.ts";
import { membersOf } from "../../domain/operations/call.ts";
import { operationOf } from "../../domain/operations/registry.ts";
import type { RecordedChange } from "../../workflows/ports/change.ts";
import { callPathFrom } from "./call-path.ts";
import { envelopeSchema, serviceEnvelopeSchema, serviceEventType } from "./envelope.ts";
import { requesterFrom } from "./user-identity.ts";
import { withoutEmpties } from "./without-empties.ts";

const eventSource = "payment-cryptography.amazonaws.com";
const envelopeSource = "aws.payment-cryptography";
const callType = "AWS API Call via CloudTrail";

/**
 * Returns the change that an EventBridge envelope records, or undefined for anything else: a call that failed, of another service, account or Region,
 * or one that is no operation. Total: any JSON in, never a throw.
 */
export function changeIn(
  json: unknown,
  stack: { readonly account: string; readonly region: string },
): RecordedChange | undefined {
  const parsed = v.safeParse(v.union([envelopeSchema, serviceEnvelopeSchema]), withoutEmpties(json));
  if (!parsed.success) return undefined;
  const { source, detail, "detail-type": type } = parsed.output;
  const isOwn = detail.recipientAccountId === stack.account && detail.awsRegion === stack.region;
  const isOurs = source === envelopeSource && detail.eventSource === eventSource && isOwn;
  const isServiceEvent = type === serviceEventType;
  if (!isOurs || detail.errorCode !== undefined || (!isServiceEvent && type !== callType)) return undefined;
  if (operationOf(detail.eventName, isServiceEvent) === undefined || detail.eventID === undefined) return undefined;
  return {
    eventId: originalOf(detail.addendum) ?? detail.eventID,
    at: detail.eventTime,
    isServiceEvent,
    call: {
      name: detail.eventName,
      parameters: membersOf(detail.requestParameters),
      answer: membersOf(detail.responseElements),
      details: membersOf(detail.serviceEventDetails),
    },
    requester: recordableRequester(requesterFrom(detail.userIdentity)),
    ...callPathFrom(detail.userIdentity),
    ...(detail.sourceIPAddress !== undefined && { sourceIp: detail.sourceIPAddress }),
    ...(detail.userAgent !== undefined && { userAgent: detail.userAgent }),
  };
}

/** A corrected copy names the same call as the record it corrects, and counts once with it. */
function originalOf(addendum: { readonly reason: string; readonly originalEventID: string } | undefined) {
  return addendum?.reason === "UPDATED_DATA" ? addendum.originalEventID : undefined;
}
