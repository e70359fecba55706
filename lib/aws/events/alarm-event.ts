import * as v from "valibot";
import type { AlarmChange } from "../../domain/stack/alarm-change.ts";
import { wellFormed } from "../../domain/well-formed.ts";

const state = v.picklist(["OK", "ALARM", "INSUFFICIENT_DATA"]);

/** `2019-10-02T17:04:40.985+0000`, as CloudWatch writes times, or with `Z`. */
const time = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|\+0000)$/),
  v.transform((text) => Date.parse(text.replace("+0000", "Z"))),
  v.number(),
  v.minValue(0),
);

const typeSchema = v.object({
  source: v.literal("aws.cloudwatch"),
  "detail-type": v.literal("CloudWatch Alarm State Change"),
});

const alarmSchema = v.object({
  account: v.string(),
  region: v.string(),
  detail: v.object({
    alarmName: v.pipe(v.string(), v.nonEmpty(), v.maxLength(255)),
    state: v.object({ value: state, timestamp: time, reason: v.optional(v.string(), "") }),
    previousState: v.optional(v.object({ value: state, timestamp: v.optional(time) })),
  }),
});

/** Returns whether the event says that a CloudWatch alarm changed its state. */
export function isAlarmState(event: unknown): boolean {
  return v.is(typeSchema, event);
}

interface Stack {
  readonly account: string;
  readonly region: string;
}

/** Returns the change of an alarm in this account and Region, or undefined for anything else. */
export function alarmChangeIn(event: unknown, { account, region }: Stack): AlarmChange | undefined {
  const parsed = v.safeParse(alarmSchema, event);
  if (!parsed.success || parsed.output.account !== account || parsed.output.region !== region) return undefined;
  const { alarmName, state: now, previousState } = parsed.output.detail;
  return {
    ...{ alarm: wellFormed(alarmName), state: now.value, changedAt: now.timestamp, reason: wellFormed(now.reason) },
    ...(previousState && {
      before: {
        state: previousState.value,
        ...(previousState.timestamp !== undefined && { since: previousState.timestamp }),
      },
    }),
  };
}
