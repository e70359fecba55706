import { hourOfChange } from "../../../lib/domain/ledger/change-name.ts";
import type { Change } from "../chronicle.ts";
import { type DecidedOperation, hour, minute } from "../plan.ts";
import { meaningOfChange } from "../policies.ts";
import { type Evidence, isFaultless } from "./promise.ts";

/** How long (ms) after the beginning the inventory knows every state, and how long the stack may take for a change. */
export const [knownMs, undoneMs] = [6 * hour, 20 * minute];

/** A subject has one revert and one question within this time (ms). */
const oneRevertMs = 75 * minute;

/** Acts that use up the time in which a change is undone. */
const busying: readonly Evidence["plan"]["acts"][number]["do"][] = [
  ...(["crash", "limit", "lock-out", "delete-many", "delete-in-vain"] as const),
];

/** Whether nothing fails, and one policy that judges changes is enforced all the time. */
export function isQuiet(evidence: Evidence): boolean {
  const { chronicle, plan } = evidence;
  const isSteady = chronicle.policies.length === 1 && chronicle.pauses.length === 0;
  const isEnforced = plan.policy !== "strict" && plan.mode === "enforce";
  const isBusy = plan.keys.length > 10 || plan.acts.some((act) => busying.includes(act.do));
  return isFaultless(evidence) && isSteady && isEnforced && !isBusy;
}

/** The operation of a change, as its chain is named. */
export function operationOf({ did }: Change): DecidedOperation {
  return did === "stop" ? "stop" : "alias";
}

/** The alias that was changed, or the ARN of the key that was stopped. */
export function subjectOf({ keys }: Evidence, { alias, key }: Change): string {
  return alias ?? keys[key]?.KeyArn ?? "";
}

/** Name of the chain that a change is recorded in. */
export function chainOf(evidence: Evidence, change: Change): string {
  return `change#${operationOf(change)}#${subjectOf(evidence, change)}#${hourOfChange(change.at)}`;
}

/** Whether a policy that was in force between the change and `until` wants it undone. */
export function mayBeUndone({ chronicle }: Evidence, { did, by, at }: Change, until: number): boolean {
  return chronicle
    .policiesIn(at, until)
    .some(({ policy }) => ["ask", "revert"].includes(meaningOfChange(policy, did, by)));
}

/** The other changes of the subject of `change`. */
export function othersOf(evidence: Evidence, change: Change): readonly Change[] {
  const { changes } = evidence.chronicle;
  const [subject, operation] = [subjectOf(evidence, change), operationOf(change)];
  return changes.filter(
    (each) => each !== change && operationOf(each) === operation && subjectOf(evidence, each) === subject,
  );
}

/** Whether `change` changed something, and nothing else that was done around it has to do with its judgement. */
export function isAlone(evidence: Evidence, change: Change): boolean {
  const { beginning, end, chronicle } = evidence;
  const { at, isIdle } = change;
  if (isIdle || at < beginning + knownMs || at > end - hour) return false;
  const others = othersOf(evidence, change);
  if (others.some((each) => each.at > at - oneRevertMs && each.at < at + undoneMs)) return false;
  const until = at + undoneMs;
  if (change.alias === undefined) return !isTouched(evidence, change.key, until);
  // A key that was deleted or stopped is no key to point back at.
  const earlier = others.filter((each) => each.at <= at).map(({ to }) => to);
  const before = evidence.keys.flatMap(({ KeyArn }, n) => (n === change.key || earlier.includes(KeyArn) ? [n] : []));
  return before.every(
    (key) => !isTouched(evidence, key, until) && chronicle.stopsOf(key).every((each) => each.at > until),
  );
}

/** Whether a key was deleted, restored or stopped by hand, or given other labels, before `until`. */
function isTouched({ chronicle }: Evidence, key: number, until: number): boolean {
  const all = [...chronicle.deletionsOf(key), ...chronicle.manual, ...chronicle.relabels];
  return all.some((each) => each.key === key && each.at < until);
}

/** When (ms) the stack next undid something of the subject of a change, if it did before `until`. */
export function undoneAt({ chronicle }: Evidence, change: Change, until: number): number | undefined {
  const { alias, key, at } = change;
  const effects =
    alias === undefined
      ? chronicle.effects.filter((each) => each.key === key && each.operation === "StartKeyUsage")
      : chronicle.aliasEffects.filter((each) => each.alias === alias);
  return effects.find((each) => each.at > at && each.at <= until)?.at;
}
