import type { WhyRevertLeft } from "../ledger/entry.ts";
import type { ApiCall, Revert, SeenChange } from "../operations/operation.ts";
import { isSameState, type State } from "../operations/state.ts";
import type { Subject } from "../operations/subject.ts";
import { dayMs } from "../time.ts";

/** A change that is older (ms) than this is left to people: others may rely on it by now. */
const maxAgeMs = dayMs;

/** The states of a subject, each as far as it is known. */
export interface States {
  readonly before?: State;
  /** As the record of the call tells. */
  readonly after?: State;
  /** As a look showed just now. */
  readonly now?: State;
}

export type RevertPlan =
  | { readonly do: "revert"; readonly calls: readonly ApiCall[]; readonly to: State }
  | { readonly do: "leave"; readonly why: WhyRevertLeft };

/** Why nothing is reverted whatever the states are, or undefined. */
export type Withheld = "observe" | "paused" | undefined;

export interface Circumstances {
  /** How long ago the change was made. */
  readonly ageMs: number;
  readonly withheld: Withheld;
  /** A run before began to undo this very change, so that some of its calls may be made already. */
  readonly isBegun: boolean;
}

/**
 * Returns the calls that undo a change, or why it is left. INVARIANT: what is undone is exactly what the record tells: the subject looks as it did
 * right after the call, and what it looked like before is known.
 */
export function planRevert(
  revert: Revert | undefined,
  subject: Subject,
  { before, after, now, related }: States & Pick<SeenChange, "related">,
  { ageMs, withheld, isBegun }: Circumstances,
): RevertPlan {
  const leave = (why: WhyRevertLeft): RevertPlan => ({ do: "leave", why });
  if (revert === undefined) return leave("no-way-back");
  if (before === undefined) return leave("before-unknown");
  if (now !== undefined && isSameState(now, before)) return leave("same-as-before");
  if (withheld !== undefined) return leave(withheld);
  if (ageMs > maxAgeMs) return leave("too-old");
  if (after === undefined) return leave("after-unknown");
  if (now === undefined) return leave("state-unknown");
  const ours = isBegun ? (revert.onTheWay?.(before, after) ?? []) : [];
  if (![after, ...ours].some((state) => isSameState(now, state))) return leave("changed-since");
  if (revert.isOfUse?.({ related }) === false) return leave("before-unusable");
  const calls = revert.back(subject, before, now);
  return calls === undefined || calls.length === 0 ? leave("no-way-back") : { do: "revert", calls, to: before };
}
