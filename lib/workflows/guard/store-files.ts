import { followUp, lookUpFrom } from "../../domain/case/confirmation.ts";
import { restMs } from "../../domain/plan/situation.ts";
import type { CaseFile } from "./case-file.ts";
import type { Run } from "./run.ts";

/** Stores what `run` added to its cases and releases them. Returns `conflict` where another run wrote to one of them first. */
export async function storeFiles(run: Run): Promise<"saved" | "conflict"> {
  const { guard, files } = run;
  if ((await endEarlier(run)) === "conflict") return "conflict";
  for (const file of files) {
    const now = guard.clock();
    if ((await file.release(guard.cases, now, dueAtOf(run, file, now))) === "conflict") return "conflict";
  }
  return "saved";
}

/** Ends an earlier case to which a person added something while the key was deleted again: only the newest case of a key leads to effects. */
async function endEarlier({ guard, earlier, files }: Run): Promise<"saved" | "conflict"> {
  for (const file of files.length === 0 ? [] : earlier) {
    const now = guard.clock();
    if (file.state.end !== undefined || !file.add({ kind: "deletion-superseded" }, now)) continue;
    if ((await file.release(guard.cases, now, now)) === "conflict") return "conflict";
  }
  return "saved";
}

/**
 * Returns when the case is due. INVARIANT: a record that did not come is looked up in time: neither a deadline of people, which may be a day away,
 * nor a message that comes back puts off what only a sweep can do. A sweep that did not find it comes back after `restMs`.
 */
function dueAtOf({ trigger, dueAt }: Run, { state }: CaseFile, now: number): number {
  const from = lookUpFrom(state) ?? Number.POSITIVE_INFINITY;
  if (trigger === "sweep") return Math.min(dueAt, Math.max(from, now + restMs));
  return followUp(state, now) === "explain" ? Math.min(dueAt, now) : Math.min(dueAt, from);
}
