import { minute } from "../plan.ts";
import type { Evidence, Promised } from "./promise.ts";

/** Who left a key disabled counts it so soon (ms) after the restore, if it could reach the store and the control plane. */
const soonMs = 90 * minute;

/** A key that the stack restored and left disabled is alarmed about, one alarm for each. */
export const leftDisabledIsAlarmed: Promised = (evidence) => {
  const { keys, counted, chronicle, end, plan } = evidence;
  if (plan.faults.length > 0 || plan.noise.rate > 0) return [];
  const alarms = counted.flatMap(({ name, at, value }) =>
    name === "KeysLeftDisabled" ? Array.from({ length: value }, () => at) : [],
  );
  return keys.flatMap(({ KeyState, Enabled }, key) => {
    const at = restoredAt(evidence, key);
    if (KeyState !== "CREATE_COMPLETE" || Enabled || at === undefined || at > end - soonMs) return [];
    const isByHand = [...chronicle.manual, ...chronicle.changes].some((each) => each.key === key && each.at > at);
    const heard = alarms.findIndex((each) => each >= at && each <= at + soonMs);
    if (heard >= 0) alarms.splice(heard, 1);
    return heard >= 0 || isByHand ? [] : [`LEFT: key ${key} was left disabled, and nobody was alarmed`];
  });
};

/** Whether a key lives and cannot be used. */
export function isLeftDisabled({ KeyState, Enabled }: Evidence["keys"][number]): boolean {
  return KeyState === "CREATE_COMPLETE" && !Enabled;
}

/** When (ms) the stack last restored a key. */
export function restoredAt({ chronicle }: Evidence, key: number): number | undefined {
  return chronicle.effects.findLast((each) => each.key === key && each.operation === "RestoreKey")?.at;
}
