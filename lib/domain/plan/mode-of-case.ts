import type { Case } from "../case/case.ts";
import type { Decided } from "../ledger/entry.ts";

/**
 * Returns the mode in which the guard acts on a case. INVARIANT: a question that was asked under `enforce`, and a Keep, stay a promise until the
 * case ends, also when `observe` is deployed; and a key that was restored under `enforce` is made usable. A pause by two people suspends it, for as long as the pause holds.
 */
export function modeOfCase(
  newest: Pick<Case, "promised" | "restore" | "end"> | undefined,
  { mode, paused }: { readonly mode: Decided["mode"]; readonly paused: boolean },
): Decided["mode"] {
  if (paused) return "observe";
  if (newest === undefined || newest.end !== undefined) return mode;
  return newest.promised || newest.restore === "restored" ? "enforce" : mode;
}
