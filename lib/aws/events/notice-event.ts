import * as v from "valibot";
import type { RepeatedDeletions } from "../../domain/deletion/repeated-deletions.ts";
import { GuardError } from "../../domain/guard-error.ts";
import type { CaseName } from "../../domain/ledger/case-name.ts";
import type { ChangeName } from "../../domain/ledger/change-name.ts";
import type { ChangePermitName } from "../../domain/ledger/change-permit-name.ts";
import type { PermitName } from "../../domain/ledger/permit-name.ts";
import type { AlarmChange } from "../../domain/stack/alarm-change.ts";
import { alarmChangeIn, isAlarmState } from "./alarm-event.ts";
import {
  changeNameSchema,
  changePermitNameSchema,
  changePermitType,
  changeRecordedType,
  changeRequestedType,
  deletionsRepeatedType,
  keyArnSchema,
  ownSource,
  parseOwnEvent,
  pauseChangedType,
  permitChangedType,
  permitNameSchema,
  reEvaluateType,
  requestJudgedType,
} from "./own-event.ts";

/** What one message of the notify queue says. */
export type NoticeMessage =
  | { readonly kind: "case"; readonly name: CaseName; readonly requestAdded: boolean }
  | { readonly kind: "alarm"; readonly alarm: RepeatedDeletions }
  | { readonly kind: "pause"; readonly number: number }
  | { readonly kind: "permit"; readonly name: PermitName }
  | { readonly kind: "change"; readonly name: ChangeName }
  | { readonly kind: "change-permit"; readonly name: ChangePermitName }
  | { readonly kind: "judged"; readonly requestId: string }
  | { readonly kind: "alarm-state"; readonly change: AlarmChange }
  /** Nothing to notify people of: the case itself is announced once it is on record. */
  | { readonly kind: "nothing" };

interface Stack {
  readonly account: string;
  readonly region: string;
}

const time = v.pipe(v.number(), v.minValue(0), v.maxValue(8.64e15));

export const alarmSchema = v.object({
  source: v.literal(ownSource),
  "detail-type": v.literal(deletionsRepeatedType),
  account: v.string(),
  region: v.string(),
  detail: v.object({
    principal: v.pipe(v.string(), v.nonEmpty(), v.maxLength(2048)),
    deletions: v.pipe(v.number(), v.integer(), v.minValue(1)),
    keys: v.pipe(v.array(keyArnSchema), v.minLength(1)),
    from: time,
    to: time,
  }),
});

export const pauseSchema = v.object({
  account: v.string(),
  region: v.string(),
  detail: v.object({ pause: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1e9)) }),
});

export const permitSchema = v.object({
  account: v.string(),
  region: v.string(),
  detail: v.object({ permit: permitNameSchema }),
});

export const changeSchema = v.object({
  account: v.string(),
  region: v.string(),
  detail: v.object({
    change: changeNameSchema,
  }),
});

export const changePermitSchema = v.object({
  account: v.string(),
  region: v.string(),
  detail: v.object({ permit: changePermitNameSchema }),
});

export const judgedSchema = v.object({
  account: v.string(),
  region: v.string(),
  detail: v.object({ request: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)) }),
});

const typeSchema = v.object({ source: v.literal(ownSource), "detail-type": v.string() });

/** The body of an SQS message, an event of our own bus or of a CloudWatch alarm as JSON. Throws EVENT_NOT_JSON, EVENT_UNEXPECTED or EVENT_MALFORMED. */
export function parseNoticeMessage(body: string, stack: Stack): NoticeMessage {
  const json = parseJson(body);
  if (isAlarmState(json)) {
    const change = alarmChangeIn(json, stack);
    if (change === undefined) throw malformed("this event names no state of an alarm of this stack");
    return { kind: "alarm-state", change };
  }
  const typed = v.safeParse(typeSchema, json);
  if (!typed.success) throw new GuardError("EVENT_UNEXPECTED", "dead-letter", "this is no event of our own bus");
  const type = typed.output["detail-type"];
  if (type === reEvaluateType || type === changeRequestedType || type.startsWith("unrecorded-"))
    return { kind: "nothing" };
  if (type === deletionsRepeatedType)
    return { kind: "alarm", alarm: detailIn(alarmSchema, json, stack, "this event is no alarm of this stack") };
  if (type === pauseChangedType) {
    const otherwise = "this event names no pause of this stack";
    return { kind: "pause", number: detailIn(pauseSchema, json, stack, otherwise).pause };
  }
  if (type === permitChangedType) {
    const otherwise = "this event names no permit of this stack";
    return { kind: "permit", name: detailIn(permitSchema, json, stack, otherwise).permit };
  }
  if (type === changeRecordedType) {
    const otherwise = "this event names no change in this stack";
    return { kind: "change", name: detailIn(changeSchema, json, stack, otherwise).change };
  }
  if (type === changePermitType) {
    const otherwise = "this event names no permit of this stack";
    return { kind: "change-permit", name: detailIn(changePermitSchema, json, stack, otherwise).permit };
  }
  if (type === requestJudgedType) {
    const otherwise = "this event names no request to this stack";
    return { kind: "judged", requestId: detailIn(judgedSchema, json, stack, otherwise).request };
  }
  const event = parseOwnEvent(json, stack);
  if (event === undefined) throw malformed("this event names no case of this stack");
  return { kind: "case", name: event.name, requestAdded: ["deletion-detected", "requester-learned"].includes(type) };
}

/** The detail of an event of this very stack. */
function detailIn<Detail>(
  schema: v.GenericSchema<unknown, Stack & { readonly detail: Detail }>,
  json: unknown,
  stack: Stack,
  otherwise: string,
): Detail {
  const parsed = v.safeParse(schema, json);
  const own = parsed.success && parsed.output.account === stack.account && parsed.output.region === stack.region;
  if (own) return parsed.output.detail;
  throw malformed(otherwise);
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new GuardError("EVENT_NOT_JSON", "dead-letter", "the message is not JSON");
  }
}

function malformed(message: string): GuardError {
  return new GuardError("EVENT_MALFORMED", "dead-letter", message);
}
