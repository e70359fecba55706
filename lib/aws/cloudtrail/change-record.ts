import * as v from "valibot";
import { membersOf } from "../../domain/operations/call.ts";
import { operationOf } from "../../domain/operations/registry.ts";
import type { RecordedChange } from "../../workflows/ports/change.ts";
import {
  apiCall,
  envelopeSchema,
  envelopeSource,
  eventSource,
  serviceEnvelopeSchema,
  serviceEventType,
} from "./envelope.ts";
import { originOf } from "./record-origin.ts";
import { withoutEmpties } from "./without-empties.ts";

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
  if (!isOurs || detail.errorCode !== undefined || (!isServiceEvent && type !== apiCall)) return undefined;
  const { eventID } = detail;
  if (operationOf(detail.eventName, isServiceEvent) === undefined || eventID === undefined) return undefined;
  return {
    ...originOf({ ...detail, eventID }),
    isServiceEvent,
    call: {
      name: detail.eventName,
      parameters: membersOf(detail.requestParameters),
      answer: membersOf(detail.responseElements),
      details: membersOf(detail.serviceEventDetails),
    },
  };
}
