import { isSameState, type State } from "../../domain/operations/state.ts";
import type { Subject } from "../../domain/operations/subject.ts";
import { dayMs } from "../../domain/time.ts";
import type { Guard } from "../guard/run.ts";
import type { CaseStore } from "../ports/guard.ts";
import type { StateInventory } from "../ports/sweep.ts";

/** What states are compared and kept with. */
export interface StateNoting {
  readonly guard: Pick<Guard, "clock" | "log"> & { readonly cases: Pick<CaseStore, "history"> };
  readonly states: StateInventory;
}

/** What the control plane showed of one aspect of a subject. */
export interface SeenState {
  readonly aspect: string;
  readonly subject: Subject;
  readonly state: State;
  /** When the look began, ms since the epoch: a change since then may not be in it. */
  readonly at: number;
}

/** An unchanged state is written again once its sighting is older than this (ms): every write costs. */
const refreshAfterMs = dayMs;

/**
 * Keeps what a subject looks like. A first sighting is noted; a state that differs from the known one is reported as a missed change, and noted by
 * the function that records it. Throws STORE_UNAVAILABLE or QUEUE_UNAVAILABLE.
 */
export async function sawState(noting: StateNoting, { aspect, subject, state, at }: SeenState): Promise<void> {
  const { states, guard } = noting;
  const last = await states.known.last(aspect, subject);
  if (last !== undefined && at < last.at) return;
  if (last?.state !== undefined && isSameState(last.state, state)) {
    if (at - last.at < refreshAfterMs) return;
  } else if (last?.state !== undefined && !(await isOfDeletion(noting, { aspect, subject }, last.at))) {
    return await states.reportMissed({ aspect, subject, at: guard.clock() });
  }
  await states.known.note(aspect, subject, state, at, guard.clock());
}

/** Whether a deletion, or its end, may have changed whether the key can be used: its case tells that, and had an entry since `since` (ms). */
async function isOfDeletion(
  { guard }: StateNoting,
  { aspect, subject }: Pick<SeenState, "aspect" | "subject">,
  since: number,
): Promise<boolean> {
  if (aspect !== "usage" || subject.kind !== "key") return false;
  const { newest } = await guard.cases.history(subject.keyArn);
  return (newest?.chain.entries.at(-1)?.at ?? Number.NEGATIVE_INFINITY) >= since;
}
