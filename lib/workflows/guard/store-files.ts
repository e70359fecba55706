import { followUp, lookUpFrom } from "../../domain/case/confirmation.ts";
import { restMs } from "../../domain/plan/situation.ts";
import type { CaseFile } from "./case-file.ts";
import type { Run } from "./run.ts";

/** Stores what `run` added to its cases and releases them. Returns `conflict` where another run wrote to one of them first. */
export async function storeFiles(run: Run): Promise<"saved" | "conflict"> {
  const { guard, files } = run;
  for (const file of reopened(run)) {
    const now = guard.clock();
    const isEnded = file.add({ kind: "deletion-superseded" }, now);
    if (isEnded && (await file.release(guard.cases, now, now)) === "conflict") return "conflict";
  }
  for (const file of files) {
    const now = guard.clock();
    if ((await file.release(guard.cases, now, dueAtOf(run, file, now))) === "conflict") return "conflict";
  }
  return "saved";
}

/** Earlier cases to which a person added something while the key was deleted again: only the newest case of a key leads to effects. */
function reopened({ earlier, files }: Run): readonly CaseFile[] {
  return files.length === 0 ? [] : earlier.filter(({ state }) => state.end === undefined);
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
