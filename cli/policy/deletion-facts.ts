import { asEnvelope, parseMessage } from "../../lib/aws/cloudtrail/event.ts";
import { withoutEmpties } from "../../lib/aws/cloudtrail/without-empties.ts";
import { objectOr } from "../../lib/aws/json.ts";
import type { DeletionRequest } from "../../lib/domain/deletion/request.ts";
import type { Facts } from "../../lib/domain/policy/decision.ts";
import { dayMs } from "../../lib/domain/time.ts";
import { type KeyFacts, keyInRecord } from "./key-facts.ts";

/** One deletion as a record reports it. */
export interface RecordedDeletion {
  readonly request: DeletionRequest;
  readonly facts: Facts;
}

/**
 * The deletion that an event of EventBridge or a bare record of CloudTrail names, with the facts that the policy reads; `known` of the
 * key beats what the record says. Or why there is none.
 */
export function deletionIn(raw: unknown, known?: KeyFacts): RecordedDeletion | string {
  const json = withoutEmpties(raw);
  const record = objectOr(objectOr(json)?.["detail"]) ?? objectOr(json);
  if (record === undefined) return "this is no event";
  const envelope = objectOr(json)?.["detail"] === undefined ? asEnvelope(record) : json;
  const stack = { account: String(record["recipientAccountId"]), region: String(record["awsRegion"]) };
  const message = parseMessage(envelope, stack);
  if (message.kind === "refused") return message.message;
  if (message.kind !== "deletion")
    return message.kind === "attempt" ? "the call failed: nothing was deleted" : "this is no deletion of a key";
  const { request } = message;
  const key = known ?? keyInRecord(record["responseElements"]);
  if (key === undefined) return "the record does not hold the key: give it by --key";
  const { requester: identity, at, sourceIp } = request;
  const deletePendingAt = key.deletePendingAt ?? askedFor(request);
  return {
    request,
    facts: {
      ...key,
      ...(deletePendingAt !== undefined && { deletePendingAt }),
      requester: { identity, at, ...(sourceIp !== undefined && { sourceIp }) },
    },
  };
}

/** When the key is gone (ms) if the service did what the request named. Unknown where it named no waiting period: a record may lack it. */
function askedFor({ at, requestedDays }: DeletionRequest): number | undefined {
  return requestedDays === undefined ? undefined : at + requestedDays * dayMs;
}
