import type { DeletionAttempt } from "../../domain/deletion/request.ts";
import { chainOfCall, refusedCall, withCall } from "../../domain/stack/refused-calls.ts";
import type { CallBook } from "../ports/stack.ts";
import { appendOnce } from "./append-once.ts";

/** What recording a failed call works with. */
export interface RefusedCallDeps {
  readonly calls: Pick<CallBook, "read" | "save" | "countMore">;
  /** ms since the epoch. */
  readonly clock: () => number;
}

/** Records a failed call once; past the bound of its principal and hour it is counted. Throws CASE_CHANGED, or what the book throws. */
export async function recordRefusedCall({ calls, clock }: RefusedCallDeps, attempt: DeletionAttempt): Promise<void> {
  const call = refusedCall(attempt);
  const name = chainOfCall(call);
  const outcome = await appendOnce(calls, name, (before) => withCall(before, call, clock()));
  if (outcome === "full") await calls.countMore(name);
}
