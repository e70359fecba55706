import { recordableRequester } from "../../domain/ledger/recordable-requester.ts";
import { callPathFrom } from "./call-path.ts";
import type { Detail } from "./envelope.ts";
import { requesterFrom } from "./user-identity.ts";

/** Returns what the record of a call says of its origin: which call it was, when, and who made it from where. */
export function originOf(detail: Detail) {
  return {
    eventId: originalOf(detail) ?? detail.eventID,
    at: detail.eventTime,
    requester: recordableRequester(requesterFrom(detail.userIdentity)),
    ...callPathFrom(detail.userIdentity),
    ...(detail.sourceIPAddress !== undefined && { sourceIp: detail.sourceIPAddress }),
    ...(detail.userAgent !== undefined && { userAgent: detail.userAgent }),
  };
}

/** Returns the eventID of the record that this one corrects. A corrected copy names the same call, and counts once with it. */
export function originalOf({ addendum }: Pick<Detail, "addendum">): string | undefined {
  return addendum?.reason === "UPDATED_DATA" ? addendum.originalEventID : undefined;
}
