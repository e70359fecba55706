import type { BodyOf } from "../ledger/entry.ts";
import { wellFormed } from "../well-formed.ts";

/** A state of a CloudWatch alarm. */
export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

/** An alarm of the stack that changed its state. Times are ms, by CloudWatch's clock. */
export interface AlarmChange {
  readonly alarm: string;
  readonly state: AlarmState;
  readonly changedAt: number;
  readonly reason: string;
  /** The state before, and since when. */
  readonly before?: { readonly state: AlarmState; readonly since?: number };
}

export type AlarmEntry = BodyOf<"alarm-began" | "alarm-ended">;

/** CloudWatch's reasons name every datapoint; the first of them are enough. */
const maxReasonBytes = 600;

/** Returns the entry for a change, or undefined where no alarm began or ended. */
export function alarmEntry({ alarm, state, changedAt, reason, before }: AlarmChange): AlarmEntry | undefined {
  const common = { alarm, changedAt, reason: wellFormed(reason, maxReasonBytes) };
  if (state === "ALARM") return before?.state === "ALARM" ? undefined : { kind: "alarm-began", ...common };
  if (before?.state !== "ALARM") return undefined;
  return { kind: "alarm-ended", ...common, state, ...(before.since !== undefined && { beganAt: before.since }) };
}
