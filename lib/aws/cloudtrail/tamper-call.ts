import * as v from "valibot";
import type { TamperCall } from "../../workflows/ports/remediation.ts";
import { type Detail, envelopeSchema } from "./envelope.ts";
import { withoutEmpties } from "./without-empties.ts";

const keyEnds = ["ScheduleKeyDeletion", "DisableKey"];
const named = v.object({ name: v.string() });
const stated = v.object({ state: v.literal("DISABLED") });
const keyed = v.object({ keyId: v.string() });
const listed = v.array(v.object({ ARN: v.optional(v.string()) }));
const issued = v.object({ sessionContext: v.object({ sessionIssuer: v.object({ arn: v.string() }) }) });

/** Returns the call in an EventBridge envelope of `json`, or undefined for anything but CloudTrail's record of a call that was carried out in `stack`. */
export function tamperCallIn(
  json: unknown,
  stack: { readonly account: string; readonly region: string },
): TamperCall | undefined {
  const parsed = v.safeParse(envelopeSchema, withoutEmpties(json));
  if (!parsed.success) return undefined;
  const { source, detail } = parsed.output;
  // Only AWS puts events whose source begins so.
  const isOwn = detail.recipientAccountId === stack.account && detail.awsRegion === stack.region;
  if (!source.startsWith("aws.") || !isOwn || detail.errorCode !== undefined) return undefined;
  const { eventID: eventId, userIdentity } = detail;
  const callerRole = v.is(issued, userIdentity) ? userIdentity.sessionContext.sessionIssuer.arn : undefined;
  return { eventId, ...(callerRole !== undefined && { callerRole }), did: didBy(detail) };
}

function didBy({ eventSource, eventName, requestParameters, resources }: Detail): TamperCall["did"] {
  // PutRule can disable a rule, too.
  const disables = eventName === "DisableRule" || (eventName === "PutRule" && v.is(stated, requestParameters));
  if (eventSource === "events.amazonaws.com" && disables && v.is(named, requestParameters))
    return { kind: "rule-disabled", ruleName: requestParameters.name };
  if (eventSource !== "kms.amazonaws.com" || !keyEnds.includes(eventName)) return { kind: "other" };
  const asked = v.is(keyed, requestParameters) ? [requestParameters.keyId] : [];
  const touched = v.is(listed, resources) ? resources.flatMap(({ ARN }) => ARN ?? []) : [];
  return { kind: "kms-key-ended", keyIds: [...asked, ...touched] };
}
