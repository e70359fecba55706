import { recordedState } from "../../domain/change/change-entries.ts";
import { planRevert } from "../../domain/change/revert-plan.ts";
import { causeOf, codeOf, GuardError } from "../../domain/guard-error.ts";
import type { Chain } from "../../domain/ledger/chain.ts";
import type { WhyRevertLeft } from "../../domain/ledger/entry.ts";
import type { ApiCall } from "../../domain/operations/operation.ts";
import { isSameState, type State } from "../../domain/operations/state.ts";
import { isUndoing } from "../../domain/policy/change-outcome.ts";
import { askPeople } from "./ask-people.ts";
import type { ChangeDeps, Delivered } from "./change-deps.ts";
import type { Judged } from "./judge.ts";
import { lookOnce } from "./look-once.ts";
import { isMadeSince } from "./made-since.ts";
import { record } from "./record.ts";
import { type Sight, stateNow } from "./see-change.ts";

/** What a run knows of the chain of a change. */
interface Recorded extends Delivered {
  readonly chain: Chain;
  /** An earlier run recorded that the change is to be undone, and its end is not on record. */
  readonly isOwed: boolean;
  /** A revert was begun for this very message, and its end is not on record. */
  readonly isBegun: boolean;
}

/**
 * Undoes a change where a rule wants it undone, or records why it stands. The record precedes each effect, and its result follows. Throws a
 * GuardError to be tried again.
 */
export async function revertChange(
  deps: ChangeDeps,
  sight: Sight,
  judged: Judged,
  { chain, isOwed, isBegun, deliveries }: Recorded,
): Promise<void> {
  // A policy that was deployed since the change was recorded has the last word.
  if (!isUndoing(judged.outcome)) return isOwed ? await leave(deps, sight, chain, "rule-changed") : undefined;
  const { operation, subject, seen, now } = sight;
  const withheld = judged.mode === "enforce" ? undefined : judged.pausedBy === undefined ? "observe" : "paused";
  const ageMs = deps.clock() - seen.at;
  const plan = planRevert(
    operation.revert,
    subject,
    { ...seen, ...(now !== undefined && { now }) },
    { ageMs, withheld, isBegun },
  );
  if (plan.do === "leave" && plan.why === "same-as-before" && isBegun)
    return await reverted(deps, sight, judged, { chain, how: "found" });
  if (plan.do === "leave") return await leave(deps, sight, chain, plan.why);
  if (await isMadeSince(deps, sight, chain)) return await leave(deps, sight, chain, "changed-since");
  const subjectClaim = `${operation.revert?.aspect ?? operation.name} ${chain.name.split("#")[2] ?? ""}`;
  if ((await deps.claims.claim(subjectClaim, sight.recorded.eventId, deps.clock())) === "taken")
    return await leave(deps, sight, chain, "reverted-within-the-hour");
  const calls = plan.calls.map(({ call }) => call);
  const begun = isBegun
    ? chain
    : await record(deps, chain, {
        kind: "revert-intended",
        eventId: sight.recorded.eventId,
        calls,
        to: recordedState(plan.to),
      });
  const attempt = { chain: begun, deliveries };
  if (await makeCalls(deps, sight, attempt, plan.calls, plan.to))
    await reverted(deps, sight, judged, { chain: begun, how: "answered" });
}

/** How often (deliveries of the message, some six hours) a call is tried that conflicts with another change: a removed replica takes its time to go. */
const conflictAttempts = 25;

/** Makes the calls that lead back to `to`. Returns whether the subject looks so now; otherwise why not is on record. */
async function makeCalls(
  deps: ChangeDeps,
  sight: Sight,
  { chain, deliveries }: Pick<Recorded, "chain" | "deliveries">,
  calls: readonly ApiCall[],
  to: State,
): Promise<boolean> {
  for (const call of calls) {
    const failed = await failureOf(deps, call);
    if (failed?.code === "ConflictException" && deliveries < conflictAttempts)
      throw new GuardError(
        "CONTROL_PLANE_REFUSED",
        "retry",
        `${call.call} is refused while another change is under way`,
      );
    if (failed !== undefined) {
      await leave(deps, sight, chain, failed.why, failed.code);
      return false;
    }
  }
  // A call that is answered is believed where looking again would cost one of the five calls a second; the inventory looks anyway.
  const isOnlyCall = calls.length === 1 && calls[0]?.call === "StartKeyUsage";
  const now = isOnlyCall ? to : await stateNow(sight.operation, sight.subject, lookOnce(deps, 1));
  if (now !== undefined && isSameState(now, to)) return true;
  await leave(deps, sight, chain, "came-back");
  return false;
}

/** Makes one call. Returns why it failed for good, or undefined. Throws CONTROL_PLANE_UNAVAILABLE. */
async function failureOf(
  { plane }: ChangeDeps,
  call: ApiCall,
): Promise<{ readonly why: "denied" | "refused"; readonly code?: string } | undefined> {
  try {
    const shown = await plane.call(call);
    return "error" in shown ? { why: "refused", code: shown.error } : undefined;
  } catch (error) {
    if (codeOf(error) !== "ACCESS_DENIED") throw error;
    const code = causeOf(error).cause?.split(":")[0];
    return { why: "denied", ...(code !== undefined && { code }) };
  }
}

/** Records that a change is undone, and asks people about it where the rule says so: the question is there before the record names it. */
async function reverted(
  deps: ChangeDeps,
  sight: Sight,
  judged: Judged,
  { chain, how }: { readonly chain: Chain; readonly how: "answered" | "found" },
): Promise<void> {
  const { operation, subject, seen, recorded } = sight;
  const now = deps.clock();
  const { eventId } = recorded;
  // Before the record, from which no retry comes back: what the inventory saw meanwhile may be the change itself.
  if (operation.revert !== undefined && seen.before !== undefined)
    await deps.known.note(operation.revert.aspect, subject, seen.before, now);
  const asked = await askPeople(deps, sight, judged);
  const end = { kind: "change-reverted", eventId, how, revertedAfterMs: Math.max(0, now - seen.at) } as const;
  await record(deps, chain, end, ...(asked === undefined ? [] : [asked]));
  deps.log("CHANGE_REVERTED", { change: chain.name, how });
}

/** Whether the change stands although a rule wants it undone. */
const standing: ReadonlySet<WhyRevertLeft> = new Set(["same-as-before"]);

async function leave(
  deps: ChangeDeps,
  { recorded }: Sight,
  chain: Chain,
  why: WhyRevertLeft,
  code?: string,
): Promise<void> {
  const stands = !standing.has(why);
  await record(deps, chain, {
    kind: "revert-left",
    eventId: recorded.eventId,
    why,
    stands,
    ...(code !== undefined && { code: code.slice(0, 64) }),
  });
  deps.log(stands ? "REVERT_LEFT" : "CHANGE_OVER", { change: chain.name, eventId: recorded.eventId, why });
}
